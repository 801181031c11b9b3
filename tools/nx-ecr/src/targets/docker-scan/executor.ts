import { type ExecutorContext } from '@nx/devkit';
import { readServiceImage } from '@typerush/pipeline-context';
import { scanService, scanServices } from '@typerush/image-publishing';
import { runReporting } from '../run-executor';
import { dockerScanOptions, type DockerScanOptions } from './options';

/** `nx run <project>:docker-scan` */
export default function dockerScan(given: DockerScanOptions, context: ExecutorContext) {
  return runReporting(dockerScanOptions, given, context, async (options, machine) => {
    const { environment } = options;
    const service = await readServiceImage(context, environment);
    return scanService(service, options, scanServices(service, environment, machine));
  });
}
