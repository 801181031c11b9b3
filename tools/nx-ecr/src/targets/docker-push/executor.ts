import { type ExecutorContext } from '@nx/devkit';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { pushService, pushServices, type PushSettings } from '@typerush/image-publishing';
import { reportResult, type ResultOptions } from '../report-result';
import { name, version } from '../../../package.json';
import { runExecutor } from '../run-executor';

export interface DockerPushOptions extends Omit<PushSettings, 'tool'>, ResultOptions {
  readonly tag: string | readonly string[];
  readonly dryRun: boolean;
}

/** `nx run <project>:docker-push` */
export default function dockerPush(options: DockerPushOptions, context: ExecutorContext) {
  return runExecutor(async () => {
    const { environment, dryRun } = options;
    const service = await readServiceImage(context, environment);
    const settings = { ...options, tool: { name, version } };
    const services = pushServices(service, settings, context, readEnvironment(process.env));
    const tags = [options.tag].flat();
    const report = await pushService(service, { environment, tags, dryRun }, services);
    await reportResult(report, options, context.root);
  });
}
