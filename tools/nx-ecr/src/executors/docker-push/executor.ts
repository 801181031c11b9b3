import { type ExecutorContext } from '@nx/devkit';
import { writeStdout } from '../../json-output/write-stdout';
import { readEnvironment } from '../../pipeline-environment';
import { pushService } from '../../push/push-service';
import { pushServices, type PushSettings } from '../../push/push-services';
import { readServiceImage } from '../../service-image';
import { runExecutor } from '../run-executor';

export interface DockerPushOptions extends PushSettings {
  readonly tag: string | readonly string[];
  readonly dryRun: boolean;
}

/** `nx run <project>:docker-push` */
export default function dockerPush(options: DockerPushOptions, context: ExecutorContext) {
  // The SDK's notice that its next versions drop Node 20 is no news to whoever pushes an image.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return runExecutor(async () => {
    const { environment, dryRun } = options;
    const service = await readServiceImage(context, environment);
    const services = pushServices(service, options, context, readEnvironment(process.env));
    const tags = [options.tag].flat();
    const report = await pushService(service, { environment, tags, dryRun }, services);
    await writeStdout(options.json ? `${JSON.stringify(report.data)}\n` : report.text);
  });
}
