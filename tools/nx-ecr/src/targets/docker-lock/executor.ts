import { type ExecutorContext } from '@nx/devkit';
import { registryBases, lockBases, buildArguments } from '@typerush/image-build';
import { readServiceImage } from '@typerush/pipeline-context';
import { runReporting } from '../run-executor';
import { dockerLockOptions, type DockerLockOptions } from './options';

/** `nx run <project>:docker-lock` */
export default function dockerLock(given: DockerLockOptions, context: ExecutorContext) {
  return runReporting(
    dockerLockOptions,
    given,
    context,
    async ({ dockerfile, dryRun }, { variables }) => {
      const image = await readServiceImage(context, 'dev');
      return lockBases({
        root: context.root,
        dockerfile,
        // The base images of a Dockerfile do not depend on the environment.
        args: buildArguments(image),
        dryRun,
        bases: registryBases({ variables, insecureRegistries: image.insecureRegistries }),
      });
    },
  );
}
