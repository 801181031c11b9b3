import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { type Environment } from '@typerush/image-registry';
import { narrateOn } from '../../narrator';
import { writeStdout } from '../../json-output/write-stdout';
import { readEnvironment } from '../../pipeline-environment';
import { backUp } from '../../registry-operations/backup/back-up';
import { defaultBackupFolder } from '../../registry-operations/backup/backup-folders';
import { describeBackup } from '../../registry-operations/backup/describe-backup';
import { declaredNamespaces } from '../../registry-operations/declared/namespaces';
import { readAssembly } from '../../registry-operations/declared/read-assembly';
import { EcrStandingRegistry } from '../../registry-operations/ecr-standing-registry';
import { repositoryAccess } from '../../registry-operations/repository-access';
import { ecrTarget } from '../../registry/ecr-target';
import { runExecutor } from '../run-executor';

export interface BackupOptions {
  readonly environment: Environment;
  /** Relative to the workspace's root. */
  readonly to?: string;
  readonly images: boolean;
  readonly json: boolean;
}

/** `nx run infra:backup` */
export default function backup(
  { environment, to, images, json }: BackupOptions,
  { root }: Pick<ExecutorContext, 'root'>,
) {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return runExecutor(async () => {
    const target = ecrTarget(environment, readEnvironment(process.env));
    const namespaces = declaredNamespaces(await readAssembly(root, environment));
    const shownDir = to ?? defaultBackupFolder(environment, new Date());
    const dir = path.resolve(root, shownDir);
    const result = await backUp(
      { environment, dir, shownDir, withImages: images, namespaces },
      {
        registry: new EcrStandingRegistry(target, environment),
        open: repositoryAccess(target, environment),
        now: () => new Date(),
        narrator: narrateOn(process.stderr),
      },
    );
    const { data, text } = describeBackup(result);
    await writeStdout(json ? `${JSON.stringify(data)}\n` : text);
  });
}
