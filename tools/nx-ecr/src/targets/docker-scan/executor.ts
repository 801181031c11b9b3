import { setTimeout as wait } from 'node:timers/promises';
import { type ExecutorContext } from '@nx/devkit';
import { reportProgressTo } from '@typerush/terminal-output';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { ecrTarget } from '@typerush/ecr-access';
import { EcrImageScans, scanService } from '@typerush/image-publishing';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { dockerScanOptions, type DockerScanOptions } from './options';

/** `nx run <project>:docker-scan` */
export default function dockerScan(given: DockerScanOptions, context: ExecutorContext) {
  return runExecutor(dockerScanOptions, given, context, async (options) => {
    const { environment } = options;
    const service = await readServiceImage(context, environment);
    const target = ecrTarget(environment, readEnvironment(process.env));
    const report = await scanService(service, options, {
      scans: new EcrImageScans(target, { project: service.project, environment }),
      wait: (milliseconds) => wait(milliseconds),
      now: () => Date.now(),
      reporter: reportProgressTo(process.stderr),
    });
    await reportResult(report, options, context.root);
    return report.passed;
  });
}
