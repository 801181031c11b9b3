import { type FindingSeverity } from '@typerush/image-registry';
import { type ServiceImage } from '@typerush/pipeline-context';
import { type Report } from '@typerush/terminal-output';
import { auditBundle, type AuditServices } from './audit-bundle';
import { describeAudit } from './describe-audit';

export interface AuditOptions {
  /** Has precedence over that of `image.json`. */
  readonly threshold?: FindingSeverity;
}

/**
 * Compares the packages of the bundle of a service with advisories.
 * @throws PipelineError `NOT_BUNDLED`, `ADVISORIES_INVALID`, `ADVISORIES_UNREACHABLE`
 */
export async function auditService(
  service: ServiceImage,
  options: AuditOptions,
  services: AuditServices,
): Promise<Report> {
  return describeAudit(service.project, await auditBundle(service, options, services));
}
