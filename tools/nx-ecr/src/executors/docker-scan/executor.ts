import { setTimeout as wait } from 'node:timers/promises';
import { type ExecutorContext } from '@nx/devkit';
import { writeStdout } from '../../json-output/write-stdout';
import { narrateOn } from '../../narrator';
import { readEnvironment } from '../../pipeline-environment';
import { ecrTarget } from '../../registry/ecr-target';
import { EcrImageScans } from '../../scan/ecr-image-scans';
import { type ScanOptions, scanService } from '../../scan/scan-service';
import { readServiceImage } from '../../service-image';
import { runExecutor } from '../run-executor';

export interface DockerScanOptions extends ScanOptions {
  readonly json: boolean;
}

/** `nx run <project>:docker-scan` */
export default function dockerScan(options: DockerScanOptions, context: ExecutorContext) {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return runExecutor(async () => {
    const { environment } = options;
    const service = await readServiceImage(context, environment);
    const target = ecrTarget(environment, readEnvironment(process.env));
    const report = await scanService(service, options, {
      scans: new EcrImageScans(target, { project: service.project, environment }),
      wait: (milliseconds) => wait(milliseconds),
      now: () => Date.now(),
      narrator: narrateOn(process.stderr),
    });
    await writeStdout(options.json ? `${JSON.stringify(report.data)}\n` : report.text);
    return report.passed;
  });
}
