import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { reportProgressTo } from '@typerush/terminal-output';
import {
  backUp,
  defaultBackupFolder,
  describeBackup,
  declaredNamespaces,
  readAssembly,
  EcrRemoteRegistry,
} from '@typerush/registry-operations';
import { openEnvironment } from '../open-environment';
import { runReporting } from '../run-executor';
import { backupOptions, type BackupOptions } from './options';

/** `nx run infra:backup` */
export default function backup(given: BackupOptions, context: ExecutorContext) {
  return runReporting(backupOptions, given, context, async (options, machine) => {
    const { root } = context;
    const { environment, to, images } = options;
    const { target } = await openEnvironment(root, environment, machine);
    const namespaces = declaredNamespaces(await readAssembly(root, environment));
    const shownDir = to ?? defaultBackupFolder(environment, new Date());
    const dir = path.resolve(root, shownDir);
    const result = await backUp(
      { environment, dir, shownDir, withImages: images, namespaces },
      {
        registry: new EcrRemoteRegistry(target, environment),
        now: () => new Date(),
        reporter: reportProgressTo(process.stderr),
      },
    );
    return describeBackup(result);
  });
}
