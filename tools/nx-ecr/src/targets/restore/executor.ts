import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { reportProgressTo } from '@typerush/terminal-output';
import {
  readBackup,
  EcrRemoteRegistry,
  describeRestore,
  restoreRegistry,
} from '@typerush/registry-operations';
import { openEnvironment } from '../open-environment';
import { runReporting } from '../run-executor';
import { restoreOptions, type RestoreOptions } from './options';

/** `nx run infra:restore`: fails if a part of the backup was not restored. */
export default function restore(given: RestoreOptions, context: ExecutorContext) {
  return runReporting(restoreOptions, given, context, async (options, machine) => {
    const { root } = context;
    const { environment, from, repository, force, dryRun } = options;
    const { target } = await openEnvironment(root, environment, machine);
    const backup = await readBackup(path.resolve(root, from), from, environment);
    const result = await restoreRegistry(
      { environment, backup, repository, force, dryRun },
      {
        registry: new EcrRemoteRegistry(target, environment),
        reporter: reportProgressTo(process.stderr),
      },
    );
    return describeRestore(result);
  });
}
