import { awsError } from '@typerush/image-registry/testing';
import { type Answer, type SdkCall } from './inline-function';
import { unsetMembers } from './unset-members';

/** An image as DescribeImages answers, and what its scan found. */
export interface FakeImage {
  readonly imageDigest: string;
  readonly imageSizeInBytes: number;
  readonly imagePushedAt: Date;
  readonly imageManifestMediaType: string;
  readonly artifactMediaType?: string;
  readonly subjectManifestDigest?: string;
}

/** What DescribeImageScanFindings answers about an image. */
export interface FakeScan {
  readonly status: string;
  readonly counts?: Readonly<Record<string, number>>;
}

const registryId = '123456789012';

export const digest = (nth: number): string => `sha256:${String(nth).padStart(64, '0')}`;

export function fakeImage(nth: number, changes: Partial<FakeImage> = {}): FakeImage {
  return {
    imageDigest: digest(nth),
    imageSizeInBytes: 1000,
    imagePushedAt: new Date(2026, 0, nth),
    imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactMediaType: 'application/vnd.oci.image.config.v1+json',
    ...changes,
  };
}

/**
 * A registry with basic scanning that answers a page of two at a time. Images without an entry in `scans` were never
 * scanned.
 */
export function fakeEcr(
  repositories: Readonly<Record<string, readonly FakeImage[]>>,
  scans: Readonly<Record<string, FakeScan>> = {},
): { readonly answer: Answer; readonly calls: SdkCall[] } {
  const calls: SdkCall[] = [];
  const answer: Answer = (call) => {
    calls.push(call);
    const { command, input } = call;
    const repositoryName = String(input['repositoryName']);
    switch (command) {
      case 'DescribeRepositories': {
        const { items, nextToken } = page(Object.keys(repositories), input);
        return { repositories: items.map((name) => repository(name)), nextToken };
      }
      case 'DescribeImages': {
        const { items, nextToken } = page(repositories[repositoryName] ?? [], input);
        return {
          imageDetails: items.map((image) =>
            withUnsetMembers({ registryId, repositoryName, ...image }),
          ),
          nextToken,
        };
      }
      case 'DescribeImageScanFindings': {
        const imageId = input['imageId'] as { readonly imageDigest: string };
        const scan = scans[imageId.imageDigest];
        // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
        if (!scan) {
          throw awsError(
            'ScanNotFoundException',
            `Image scan does not exist for the image with '${JSON.stringify(imageId)}' in the repository with name '${repositoryName}' in the registry with id '${registryId}'`,
          );
        }
        return {
          registryId,
          repositoryName,
          imageId,
          imageScanStatus: { status: scan.status },
          ...(scan.counts && { imageScanFindings: { findingSeverityCounts: scan.counts } }),
        };
      }
      default:
        throw awsError('AccessDeniedException', `not authorized to perform: ecr:${command}`);
    }
  };
  return { answer, calls };
}

function repository(repositoryName: string): object {
  const host = `${registryId}.dkr.ecr.ap-southeast-1.amazonaws.com`;
  return {
    registryId,
    repositoryName,
    repositoryArn: `arn:aws:ecr:ap-southeast-1:${registryId}:repository/${repositoryName}`,
    repositoryUri: `${host}/${repositoryName}`,
    createdAt: new Date(2026, 0, 1),
    imageTagMutability: 'MUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: { encryptionType: 'AES256' },
  };
}

function page<T>(all: readonly T[], { nextToken }: SdkCall['input']) {
  const from = Number(nextToken ?? 0);
  return {
    items: all.slice(from, from + 2),
    nextToken: from + 2 < all.length ? String(from + 2) : undefined,
  };
}

/** To read what ECR may leave unset is a fault, and one that a value would hide. */
function withUnsetMembers(image: object): object {
  for (const member of unsetMembers('DescribeImages', 'ImageDetail')) {
    Object.defineProperty(image, member, {
      get: () => {
        throw new Error(`DescribeImages does not set ${member}: the SDK's documentation says so`);
      },
    });
  }
  return image;
}
