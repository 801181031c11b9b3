import { type ExecutorContext } from '@nx/devkit';
import { readServiceImage } from '@typerush/pipeline-context';
import { pushService, pushServices } from '@typerush/image-publishing';
import { name, version } from '../../../package.json';
import { runReporting } from '../run-executor';
import { dockerPushOptions, type DockerPushOptions } from './options';

/** `nx run <project>:docker-push` */
export default function dockerPush(given: DockerPushOptions, context: ExecutorContext) {
  return runReporting(dockerPushOptions, given, context, async (options, machine) => {
    const { environment, movingTags, dryRun } = options;
    const service = await readServiceImage(context, environment);
    const settings = { ...options, tool: { name, version } };
    const services = pushServices(service, settings, context, machine);
    const tags = [options.tag].flat();
    return pushService(service, { environment, tags, movingTags, dryRun }, services);
  });
}
