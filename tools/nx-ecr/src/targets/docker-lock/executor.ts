import { type ExecutorContext } from '@nx/devkit';
import { registryBases, lockBases, buildArguments } from '@typerush/image-build';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { reportResult, type ResultOptions } from '../report-result';
import { runExecutor } from '../run-executor';

export interface DockerLockOptions extends ResultOptions {
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  readonly dryRun: boolean;
}

/** `nx run <project>:docker-lock` */
export default function dockerLock(options: DockerLockOptions, context: ExecutorContext) {
  return runExecutor(async () => {
    const { variables } = readEnvironment(process.env);
    const { dockerfile, dryRun } = options;
    const report = await lockBases({
      root: context.root,
      dockerfile,
      // What a Dockerfile names does not differ by environment.
      args: buildArguments(await readServiceImage(context, 'dev')),
      dryRun,
      bases: registryBases(variables),
    });
    await reportResult(report, options, context.root);
  });
}
