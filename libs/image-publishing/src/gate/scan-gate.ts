import { type FindingSeverity } from '@typerush/image-registry';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { orHigher, type ScannedImage } from '../scan/describe-scan';
import { type EvaluatedFinding } from '../scan/evaluate-scan';
import { scanImage, type ScanOptions, type ScanServices, scanThreshold } from '../scan/scan-image';
import { type Gate, type GatedImage } from './gate';

/** How many findings a message lists. */
const shown = 10;

/** The gate of docker-scan: an image passes if the registry has scanned it and no finding blocks. */
export function scanGate(
  service: Pick<ServiceImage, 'config'>,
  options: Omit<ScanOptions, 'environment'>,
  services: ScanServices,
): Gate {
  const threshold = scanThreshold(service, options);
  return {
    description: `scan: no finding of severity ${orHigher(threshold)}`,
    check: async (image) => {
      const { images } = await scanImage(service, image, options, services);
      const blocking = images.flatMap(blockingFindings);
      if (blocking.length > 0) throw blocked(image, threshold, blocking);
    },
  };
}

const blockingFindings = ({ platform, findings }: ScannedImage) =>
  findings
    .filter(({ verdict }) => verdict === 'blocks')
    .map((finding) => ({ ...finding, platform }));

function blocked(
  { repository, digest }: GatedImage,
  threshold: FindingSeverity,
  findings: readonly (EvaluatedFinding & { readonly platform: string })[],
): PipelineError {
  const lines = findings
    .slice(0, shown)
    .map(({ severity, id, package: name, version, platform }) => {
      const where = name ? ` in ${[name, version].filter(Boolean).join(' ')}` : '';
      return `  ${severity} ${id}${where} (${platform})`;
    });
  const more = findings.length - shown;
  const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
  return new PipelineError(
    'SCAN_BLOCKED',
    `The scan of ${repository}@${digest} has ${count} of severity ${orHigher(threshold)}:\n` +
      [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n') +
      '\nFix: update the packages or the base image, or allow a harmless finding in image.json (scan.allow).',
  );
}
