import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { type Environment } from '@typerush/image-registry';
import { reportProgressTo } from '@typerush/terminal-output';
import { readEnvironment } from '@typerush/pipeline-context';
import {
  readBackup,
  EcrStandingRegistry,
  repositoryAccess,
  describeRestore,
  isWhole,
  restoreRegistry,
} from '@typerush/registry-operations';
import { ecrTarget } from '@typerush/ecr-access';
import { reportResult, type ResultOptions } from '../report-result';
import { runExecutor } from '../run-executor';

export interface RestoreOptions extends ResultOptions {
  readonly environment: Environment;
  /** Relative to the workspace's root. */
  readonly from: string;
  readonly repository?: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** `nx run infra:restore`: fails where something of the backup was not brought back. */
export default function restore(options: RestoreOptions, { root }: Pick<ExecutorContext, 'root'>) {
  const { environment, from, repository, force, dryRun } = options;
  return runExecutor(async () => {
    const target = ecrTarget(environment, readEnvironment(process.env));
    const backup = await readBackup(path.resolve(root, from), from);
    const result = await restoreRegistry(
      { environment, backup, repository, force, dryRun },
      {
        registry: new EcrStandingRegistry(target, environment),
        open: repositoryAccess(target, environment),
        reporter: reportProgressTo(process.stderr),
      },
    );
    await reportResult(describeRestore(result), options, root);
    return isWhole(result);
  });
}
