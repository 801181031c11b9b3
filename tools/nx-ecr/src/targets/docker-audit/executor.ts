import { type ExecutorContext } from '@nx/devkit';
import { auditService, auditServices } from '@typerush/image-publishing';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { dockerAuditOptions, type DockerAuditOptions } from './options';

/** `nx run <project>:docker-audit` */
export default function dockerAudit(given: DockerAuditOptions, context: ExecutorContext) {
  return runExecutor(dockerAuditOptions, given, context, async (options) => {
    const service = await readServiceImage(context, options.environment);
    const services = auditServices(service, readEnvironment(process.env), options.advisories);
    const report = await auditService(service, options, services);
    await reportResult(report, options, context.root);
    return report.passed;
  });
}
