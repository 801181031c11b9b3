import { EcrError } from '../../errors/ecr-error';
import { type Registry } from '../registry';
import { addressedImage, type ImageRequest } from './addressed-image';
import { modelled } from './modelled';

/**
 * There is no scanner here: a scan ends as that of an image whose operating system ECR does not know.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-troubleshooting.html
 */
const unsupported = {
  status: 'FAILED',
  description:
    'UnsupportedImageError: The operating system and/or package manager are not supported.',
};

export function scanOperations(registry: Registry) {
  const { account: registryId, refusals } = registry;
  /** The digests of images that a scan was requested of, by repository. They are gone with the process. */
  const scanned = new Set<string>();
  return {
    startImageScan: modelled('StartImageScan', (request: ImageRequest) => {
      const { repository, image, imageId } = addressedImage(registry, request);
      scanned.add(`${repository.id} ${image.digest}`);
      const imageScanStatus = { status: 'IN_PROGRESS' };
      return { registryId, repositoryName: repository.name, imageId, imageScanStatus };
    }),
    describeImageScanFindings: modelled('DescribeImageScanFindings', (request: ImageRequest) => {
      const { repository, image, imageId } = addressedImage(registry, request);
      if (repository.scanOnPush || scanned.has(`${repository.id} ${image.digest}`)) {
        const imageScanStatus = unsupported;
        return { registryId, repositoryName: repository.name, imageId, imageScanStatus };
      }
      throw new EcrError(
        'ScanNotFoundException',
        `Image scan does not exist for the image with '${describeId(imageId)}' in ${refusals.inRegistry(repository.name)}`,
      );
    }),
  };
}

const describeId = ({ imageDigest, imageTag }: ImageRequest['imageId']) =>
  `{imageDigest:'${imageDigest}', imageTag:'${imageTag ?? 'null'}'}`;
