import { type FindingSeverity } from '@typerush/image-registry';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { describeBlocking, orHigher, type ScannedImage } from '../scan/describe-scan';
import { scanImage, type ScanOptions, type ScanServices, scanThreshold } from '../scan/scan-image';
import { type Gate, type GatedImage } from './gate';

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
  findings: Parameters<typeof describeBlocking>[2],
): PipelineError {
  return new PipelineError(
    'SCAN_BLOCKED',
    describeBlocking(`The scan of ${repository}@${digest}`, threshold, findings) +
      '\nFix: update the packages or the base image, or allow a harmless finding in image.json (scan.allow).',
  );
}
