import { type Vulnerability } from '@typerush/image-scanning';
import { EcrError } from '../../errors/ecr-error';
import { type StoredImage } from '../images';
import { canBeScanned } from '../image-layers';
import { failureOf, type ScanRecord } from '../image-scans';
import { dayMs } from '../lifecycle';
import { pageOf } from '../page';
import { type Registry } from '../registry';
import { type Repository } from '../repository';
import { basicFindings, countBySeverity, enhancedFindings } from '../scan-findings';
import { scanFrequencyOf } from '../scan-frequency';
import { imageStatus } from '../storage-class';
import { addressedImage, type ImageRequest } from './addressed-image';
import { modelled } from './modelled';

/** Nothing is known of any image without advisories. */
const unconfigured = {
  status: 'unsupported',
  reason:
    'ecr-local has no advisories. Set ECR_LOCAL_ADVISORIES to a folder or archive of OSV advisories.',
} as const;

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html */
export function scanOperations(registry: Registry) {
  const { account: registryId, refusals, scans, configuration } = registry;
  /** Images that a scan was requested of without advisories, by repository. They are gone with the process. */
  const requested = new Set<string>();
  const keyOf = ({ id }: Repository, { digest }: StoredImage) => `${id} ${digest}`;
  return {
    startImageScan: modelled('StartImageScan', async (request: ImageRequest) => {
      const { repository, image, imageId } = addressedImage(registry, request);
      refuseScan(registry, repository, image);
      if (scans.isConfigured) await scans.start(registry, repository, image);
      else requested.add(keyOf(repository, image));
      const imageScanStatus = { status: 'IN_PROGRESS' };
      return { registryId, repositoryName: repository.name, imageId, imageScanStatus };
    }),
    describeImageScanFindings: modelled(
      'DescribeImageScanFindings',
      async (request: ImageRequest & { nextToken?: string; maxResults?: number }) => {
        const { repository, image, imageId } = addressedImage(registry, request);
        const answer = { registryId, repositoryName: repository.name, imageId };
        const { scanType } = configuration.get().scanning;
        if (imageStatus(image, registry.clock()) === 'ARCHIVED') {
          return { ...answer, imageScanStatus: { status: 'IMAGE_ARCHIVED' } };
        }
        const record = scans.latest(repository, image.digest, scanType);
        if (record)
          return {
            ...answer,
            ...(await describeScan(registry, repository, image, record, request)),
          };
        const isWanted = scanFrequencyOf(registry, repository).scanFrequency !== 'MANUAL';
        const isRequested = requested.has(keyOf(repository, image));
        if (!scans.isConfigured && canBeScanned(image) && (isWanted || isRequested)) {
          return { ...answer, imageScanStatus: failureOf(scanType, unconfigured) };
        }
        throw new EcrError(
          'ScanNotFoundException',
          `Image scan does not exist for the image with '${describeId(request.imageId)}' in ${refusals.inRegistry(repository.name)}`,
        );
      },
    ),
  };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_StartImageScan.html */
function refuseScan(registry: Registry, repository: Repository, image: StoredImage): void {
  const { scans, configuration, clock } = registry;
  if (!canBeScanned(image)) {
    throw new EcrError(
      'UnsupportedImageTypeException',
      `The image with digest '${image.digest}' is of a type that cannot be scanned`,
    );
  }
  if (imageStatus(image, clock()) !== 'ACTIVE') {
    throw new EcrError(
      'ImageArchivedException',
      `The image with digest '${image.digest}' is archived and cannot be scanned`,
    );
  }
  // It starts basic scans only.
  if (configuration.get().scanning.scanType === 'ENHANCED') {
    throw new EcrError('ValidationException', 'This feature is disabled');
  }
  const last = scans.latest(repository, image.digest, 'BASIC');
  if (!last || last.status === 'FAILED') return;
  if (clock().getTime() - Date.parse(last.requestedAt) >= dayMs) return;
  throw new EcrError(
    'LimitExceededException',
    'The scan quota per image has been exceeded. Wait and try again.',
  );
}

async function describeScan(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
  record: ScanRecord,
  page: { nextToken?: string; maxResults?: number },
) {
  const { status, description, scanType, completedAt, advisoriesModifiedAt } = record;
  if (status !== 'COMPLETE' || completedAt === undefined) {
    // Inspector has not begun.
    const shown = status === 'IN_PROGRESS' && scanType === 'ENHANCED' ? 'PENDING' : status;
    return {
      imageScanStatus: { status: shown, ...(description !== undefined && { description }) },
    };
  }
  const vulnerabilities: readonly Vulnerability[] = await registry.scans.findings(record);
  const isBasic = scanType === 'BASIC';
  const findings = isBasic
    ? basicFindings(vulnerabilities)
    : enhancedFindings(vulnerabilities, { registry, repository, image, record });
  const { items, nextToken } = pageOf(findings, ({ key }) => key, page);
  const isContinuous = scanFrequencyOf(registry, repository).scanFrequency === 'CONTINUOUS_SCAN';
  const updatedAt = new Date(advisoriesModifiedAt ?? NaN);
  return {
    imageScanStatus: {
      status: !isBasic && isContinuous ? 'ACTIVE' : status,
      ...(description !== undefined && { description }),
    },
    imageScanFindings: {
      imageScanCompletedAt: new Date(completedAt),
      ...(!Number.isNaN(updatedAt.getTime()) && { vulnerabilitySourceUpdatedAt: updatedAt }),
      findingSeverityCounts: countBySeverity(findings),
      [isBasic ? 'findings' : 'enhancedFindings']: items.map(({ finding }) => finding),
    },
    ...(nextToken !== undefined && { nextToken }),
  };
}

const describeId = ({ imageDigest, imageTag }: ImageRequest['imageId']) =>
  `{imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'}`;
