import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { reportProgressTo } from '@typerush/terminal-output';
import {
  readBackup,
  EcrRemoteRegistry,
  describeRestore,
  isRestored,
  restoreRegistry,
} from '@typerush/registry-operations';
import { readEnvironment } from '@typerush/pipeline-context';
import { openEnvironment } from '../open-environment';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { restoreOptions, type RestoreOptions } from './options';

/** `nx run infra:restore`: fails if a part of the backup was not restored. */
export default function restore(given: RestoreOptions, context: ExecutorContext) {
  return runExecutor(restoreOptions, given, context, async (options) => {
    const { root } = context;
    const { environment, from, repository, force, dryRun } = options;
    const { target } = await openEnvironment(root, environment, readEnvironment(process.env));
    const backup = await readBackup(path.resolve(root, from), from, environment);
    const result = await restoreRegistry(
      { environment, backup, repository, force, dryRun },
      {
        registry: new EcrRemoteRegistry(target, environment),
        reporter: reportProgressTo(process.stderr),
      },
    );
    await reportResult(describeRestore(result), options, root);
    return isRestored(result);
  });
}
