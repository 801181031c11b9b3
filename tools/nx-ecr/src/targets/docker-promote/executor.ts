import { type ExecutorContext } from '@nx/devkit';
import { promoteService, promotionServices } from '@typerush/image-publishing';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { dockerPromoteOptions, type DockerPromoteOptions } from './options';

/** `nx run <project>:docker-promote --from=staging --to=prod` */
export default function dockerPromote(given: DockerPromoteOptions, context: ExecutorContext) {
  return runExecutor(dockerPromoteOptions, given, context, async (options) => {
    const services = {
      source: await readServiceImage(context, options.from),
      target: await readServiceImage(context, options.to),
    };
    const ports = promotionServices(services, options, readEnvironment(process.env));
    const report = await promoteService(services, options, ports);
    await reportResult(report, options, context.root);
  });
}
