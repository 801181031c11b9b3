import { type ExecutorContext } from '@nx/devkit';
import { RegistryClient } from '@typerush/oci';
import { readSource } from '../../commit';
import { narrateOn } from '../../narrator';
import { writeStdout } from '../../json-output/write-stdout';
import { readEnvironment } from '../../pipeline-environment';
import { pushService, type PushOptions } from '../../push/push-service';
import { EcrRepositories } from '../../registry/ecr-repositories';
import { ecrTarget } from '../../registry/ecr-target';
import { readServiceImage } from '../../service-image';
import { runExecutor } from '../run-executor';

export interface DockerPushOptions extends PushOptions {
  readonly json: boolean;
}

/** `nx run <project>:docker-push` */
export default function dockerPush(options: DockerPushOptions, context: ExecutorContext) {
  // The SDK's notice that its next versions drop Node 20 is no news to whoever pushes an image.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return runExecutor(async () => {
    const { environment } = options;
    const machine = readEnvironment(process.env);
    const service = await readServiceImage(context, environment);
    const report = await pushService(service, options, {
      repositories: new EcrRepositories(ecrTarget(environment, machine), {
        project: service.project,
        environment,
      }),
      client: (repository) => new RegistryClient(repository),
      commit: async () =>
        (await readSource(service.workspaceRoot, machine, service.project)).commit,
      now: () => new Date(),
      narrator: narrateOn(process.stderr),
    });
    await writeStdout(options.json ? `${JSON.stringify(report.data)}\n` : report.text);
  });
}
