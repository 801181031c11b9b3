import { type ExecutorContext } from '@nx/devkit';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { scanService, scanServices } from '@typerush/image-publishing';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { dockerScanOptions, type DockerScanOptions } from './options';

/** `nx run <project>:docker-scan` */
export default function dockerScan(given: DockerScanOptions, context: ExecutorContext) {
  return runExecutor(dockerScanOptions, given, context, async (options) => {
    const { environment } = options;
    const service = await readServiceImage(context, environment);
    const ports = scanServices(service, environment, readEnvironment(process.env));
    const report = await scanService(service, options, ports);
    await reportResult(report, options, context.root);
    return report.passed;
  });
}
