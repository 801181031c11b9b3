import { type ExecutorContext } from '@nx/devkit';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { pushService, pushServices } from '@typerush/image-publishing';
import { reportResult } from '../report-result';
import { name, version } from '../../../package.json';
import { runExecutor } from '../run-executor';
import { dockerPushOptions, type DockerPushOptions } from './options';

/** `nx run <project>:docker-push` */
export default function dockerPush(given: DockerPushOptions, context: ExecutorContext) {
  return runExecutor(dockerPushOptions, given, context, async (options) => {
    const { environment, movingTags, dryRun } = options;
    const service = await readServiceImage(context, environment);
    const settings = { ...options, tool: { name, version } };
    const services = pushServices(service, settings, context, readEnvironment(process.env));
    const tags = [options.tag].flat();
    const report = await pushService(service, { environment, tags, movingTags, dryRun }, services);
    await reportResult(report, options, context.root);
  });
}
