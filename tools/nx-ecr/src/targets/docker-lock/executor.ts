import { type ExecutorContext } from '@nx/devkit';
import { registryBases, lockBases, buildArguments } from '@typerush/image-build';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { dockerLockOptions, type DockerLockOptions } from './options';

/** `nx run <project>:docker-lock` */
export default function dockerLock(given: DockerLockOptions, context: ExecutorContext) {
  return runExecutor(dockerLockOptions, given, context, async (options) => {
    const { variables } = readEnvironment(process.env);
    const { dockerfile, dryRun } = options;
    const image = await readServiceImage(context, 'dev');
    const report = await lockBases({
      root: context.root,
      dockerfile,
      // The base images of a Dockerfile do not depend on the environment.
      args: buildArguments(image),
      dryRun,
      bases: registryBases({ variables, insecureRegistries: image.insecureRegistries }),
    });
    await reportResult(report, options, context.root);
  });
}
