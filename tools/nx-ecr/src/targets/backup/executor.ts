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
import { readEnvironment } from '@typerush/pipeline-context';
import { openEnvironment } from '../open-environment';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { backupOptions, type BackupOptions } from './options';

/** `nx run infra:backup` */
export default function backup(given: BackupOptions, context: ExecutorContext) {
  return runExecutor(backupOptions, given, context, async (options) => {
    const { root } = context;
    const { environment, to, images } = options;
    const { target } = await openEnvironment(root, environment, readEnvironment(process.env));
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
    await reportResult(describeBackup(result), options, root);
  });
}
