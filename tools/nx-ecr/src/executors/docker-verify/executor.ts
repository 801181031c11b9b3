import { type ExecutorContext } from '@nx/devkit';
import { type Environment } from '@typerush/image-registry';
import { hostArchitecture } from '@typerush/oci';
import { layersOfBase } from '../../base-lock/bases';
import { writeStdout } from '../../json-output/write-stdout';
import { narrateOn } from '../../narrator';
import { readEnvironment } from '../../pipeline-environment';
import { readServiceImage } from '../../service-image';
import { imageRunners } from '../../verify-image/image-runners';
import { type VerifyOptions, verifyService } from '../../verify-image/verify-service';
import { runExecutor } from '../run-executor';

export interface DockerVerifyOptions extends VerifyOptions {
  readonly environment: Environment;
  readonly json: boolean;
}

/** `nx run <project>:docker-verify` */
export default function dockerVerify(options: DockerVerifyOptions, context: ExecutorContext) {
  return runExecutor(async () => {
    const { variables } = readEnvironment(process.env);
    const service = await readServiceImage(context, options.environment);
    const hostPlatform = `linux/${hostArchitecture(process.arch)}`;
    const report = await verifyService(service, options, {
      runners: (subject, platform) =>
        imageRunners(subject, platform, {
          variables,
          hostPlatform,
          layersOfBase: ({ built }) => layersOfBase(built, variables),
        }),
      hostPlatform,
      // Docker's own limit, and less than the 30 of ECS.
      stopSeconds: 10,
      narrator: narrateOn(process.stderr),
    });
    await writeStdout(options.json ? `${JSON.stringify(report.data)}\n` : report.text);
    return report.passed;
  });
}
