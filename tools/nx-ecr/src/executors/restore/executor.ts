import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { type Environment } from '@typerush/image-registry';
import { narrateOn } from '../../narrator';
import { writeStdout } from '../../json-output/write-stdout';
import { readEnvironment } from '../../pipeline-environment';
import { readBackup } from '../../registry-operations/backup/read-backup';
import { EcrStandingRegistry } from '../../registry-operations/ecr-standing-registry';
import { repositoryAccess } from '../../registry-operations/repository-access';
import { describeRestore, isWhole } from '../../registry-operations/restore/describe-restore';
import { restoreRegistry } from '../../registry-operations/restore/restore-registry';
import { ecrTarget } from '../../registry/ecr-target';
import { runExecutor } from '../run-executor';

export interface RestoreOptions {
  readonly environment: Environment;
  /** Relative to the workspace's root. */
  readonly from: string;
  readonly repository?: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** `nx run infra:restore`: fails where something of the backup was not brought back. */
export default function restore(
  { environment, from, json, ...options }: RestoreOptions,
  { root }: Pick<ExecutorContext, 'root'>,
) {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return runExecutor(async () => {
    const target = ecrTarget(environment, readEnvironment(process.env));
    const backup = await readBackup(path.resolve(root, from), from);
    const result = await restoreRegistry(
      { environment, backup, ...options },
      {
        registry: new EcrStandingRegistry(target, environment),
        open: repositoryAccess(target, environment),
        narrator: narrateOn(process.stderr),
      },
    );
    const { data, text } = describeRestore(result);
    await writeStdout(json ? `${JSON.stringify(data)}\n` : text);
    return isWhole(result);
  });
}
