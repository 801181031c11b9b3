import { type ExecutorContext } from '@nx/devkit';
import { rollbackService, rollbackServices } from '@typerush/image-publishing';
import { readServiceImage } from '@typerush/pipeline-context';
import { runReporting } from '../run-executor';
import { dockerRollbackOptions, type DockerRollbackOptions } from './options';

/** `nx run <project>:docker-rollback` */
export default function dockerRollback(given: DockerRollbackOptions, context: ExecutorContext) {
  return runReporting(dockerRollbackOptions, given, context, async (options, machine) => {
    const service = await readServiceImage(context, options.environment);
    return rollbackService(service, options, rollbackServices(service, options, machine));
  });
}
