import { type ExecutorContext } from '@nx/devkit';
import { rollbackService, rollbackServices } from '@typerush/image-publishing';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { dockerRollbackOptions, type DockerRollbackOptions } from './options';

/** `nx run <project>:docker-rollback` */
export default function dockerRollback(given: DockerRollbackOptions, context: ExecutorContext) {
  return runExecutor(dockerRollbackOptions, given, context, async (options) => {
    const service = await readServiceImage(context, options.environment);
    const ports = rollbackServices(service, options, readEnvironment(process.env));
    const report = await rollbackService(service, options, ports);
    await reportResult(report, options, context.root);
  });
}
