import { type ExecutorContext } from '@nx/devkit';
import { promoteService, promotionServices } from '@typerush/image-publishing';
import { readServiceImage } from '@typerush/pipeline-context';
import { runReporting } from '../run-executor';
import { dockerPromoteOptions, type DockerPromoteOptions } from './options';

/** `nx run <project>:docker-promote --from=staging --to=prod` */
export default function dockerPromote(given: DockerPromoteOptions, context: ExecutorContext) {
  return runReporting(dockerPromoteOptions, given, context, async (options, machine) => {
    const services = {
      source: await readServiceImage(context, options.from),
      target: await readServiceImage(context, options.to),
    };
    return promoteService(services, options, promotionServices(services, options, machine));
  });
}
