import { type ServiceImage, PipelineError } from '@typerush/pipeline-context';
import { type UploadGate } from '../gate/gate';
import { describeBlocking, orHigher } from '../scan/describe-scan';
import { scanThreshold } from '../scan/scan-image';
import { auditBundle, type AuditServices } from './audit-bundle';

/** The gate of docker-audit: nothing is uploaded if an advisory affects a package of the bundle. */
export function auditGate(
  service: Pick<ServiceImage, 'config' | 'project'>,
  services: AuditServices,
): UploadGate {
  const threshold = scanThreshold(service, {});
  return {
    description: `audit: no finding of severity ${orHigher(threshold)}`,
    check: async () => {
      const { findings } = await auditBundle(service, {}, services);
      const blocking = findings.filter(({ verdict }) => verdict === 'blocks');
      if (blocking.length === 0) return findings;
      throw new PipelineError(
        'AUDIT_BLOCKED',
        describeBlocking(`The audit of ${service.project}`, threshold, blocking) +
          '\nFix: update the packages, or allow a harmless finding in image.json (scan.allow).',
      );
    },
  };
}
