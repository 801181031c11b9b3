import { type ExecutorContext } from '@nx/devkit';
import { registryBases } from '../../base-lock/bases';
import { lockBases } from '../../base-lock/lock-bases';
import { buildArguments } from '../../build/plan-build';
import { writeStdout } from '../../json-output/write-stdout';
import { readEnvironment } from '../../pipeline-environment';
import { readServiceImage } from '../../service-image';
import { runExecutor } from '../run-executor';

export interface DockerLockOptions {
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  readonly dryRun: boolean;
  readonly json: boolean;
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
    await writeStdout(options.json ? `${JSON.stringify(report.data)}\n` : report.text);
  });
}
