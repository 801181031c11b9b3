import { type ExecutorContext } from '@nx/devkit';
import { hostArchitecture } from '@typerush/oci';
import { layersOfBase } from '@typerush/image-build';
import { reportProgressTo } from '@typerush/terminal-output';
import { readServiceImage } from '@typerush/pipeline-context';
import { imageRunners, verifyService } from '@typerush/image-verification';
import { runReporting } from '../run-executor';
import { checkSignature } from './check-signature';
import { dockerVerifyOptions, type DockerVerifyOptions } from './options';

/** `nx run <project>:docker-verify` */
export default function dockerVerify(given: DockerVerifyOptions, context: ExecutorContext) {
  return runReporting(dockerVerifyOptions, given, context, async (options, machine) => {
    const { variables } = machine;
    const service = await readServiceImage(context, options.environment);
    const hostPlatform = `linux/${hostArchitecture(process.arch)}`;
    return verifyService(service, options, {
      runners: (image, platform) =>
        imageRunners(image, platform, {
          variables,
          hostPlatform,
          layersOfBase: ({ built }) => layersOfBase(built, { ...service, variables }),
        }),
      hostPlatform,
      // Docker's own limit, and less than the 30 of ECS.
      stopSeconds: 10,
      reporter: reportProgressTo(process.stderr),
      signature: options.signatures
        ? ({ built }) =>
            checkSignature(service, built.digest, options.environment, context, machine)
        : undefined,
    });
  });
}
