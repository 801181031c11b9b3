import { type ExecutorContext } from '@nx/devkit';
import { auditService, auditServices } from '@typerush/image-publishing';
import { readServiceImage } from '@typerush/pipeline-context';
import { runReporting } from '../run-executor';
import { dockerAuditOptions, type DockerAuditOptions } from './options';

/** `nx run <project>:docker-audit` */
export default function dockerAudit(given: DockerAuditOptions, context: ExecutorContext) {
  return runReporting(dockerAuditOptions, given, context, async (options, machine) => {
    const service = await readServiceImage(context, options.environment);
    return auditService(service, options, auditServices(service, machine, options.advisories));
  });
}
