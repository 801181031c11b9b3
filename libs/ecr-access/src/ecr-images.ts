import {
  DescribeImagesCommand,
  ECRClient,
  type ImageDetail,
  paginateDescribeImages,
} from '@aws-sdk/client-ecr';
import { type Environment, type StorageClass, type StoredImage } from '@typerush/image-registry';
import { type Digest, isDigest } from '@typerush/oci';
import { ecrAddress, explainEcrFailure } from './ecr-failure';
import { type EcrTarget } from './ecr-target';

/** What ECR's DescribeImages returns: a manifest or an index. */
export interface RemoteImage extends StoredImage {
  readonly digest: Digest;
  /** Bytes of its layers, compressed; for an index, those of its largest image. */
  readonly size: number;
  readonly mediaType: string;
  readonly artifactType?: string;
  /** An archived image cannot be pulled or read until it is activated. */
  readonly storageClass: StorageClass;
  readonly subject?: Digest;
}

/** ECR's limit for a page. */
const pageSize = 1000;

/** All images of a repository, archived ones included, oldest push first. @throws errors of the AWS SDK */
export async function listImages(ecr: ECRClient, repositoryName: string): Promise<RemoteImage[]> {
  const found: RemoteImage[] = [];
  // Without the filter ECR leaves archived images out.
  const query = { repositoryName, filter: { imageStatus: 'ANY' as const } };
  const pages = paginateDescribeImages({ client: ecr, pageSize }, query);
  for await (const { imageDetails = [] } of pages) found.push(...imageDetails.flatMap(image));
  return found.sort((a, b) => a.pushedAt.getTime() - b.pushedAt.getTime());
}

/** What ECR records about the images of a repository. Every method may throw a PipelineError. */
export interface ImageRecords {
  /** All images, archived ones included, oldest push first. */
  all(repository: string): Promise<readonly RemoteImage[]>;
  /** undefined if the image does not exist. */
  find(repository: string, digest: Digest): Promise<RemoteImage | undefined>;
}

export class EcrImageRecords implements ImageRecords {
  private readonly ecr: ECRClient;

  constructor(
    target: EcrTarget,
    /** Named in messages. */
    private readonly names: { readonly project: string; readonly environment: Environment },
  ) {
    this.ecr = new ECRClient({ ...target });
  }

  all(repository: string): Promise<readonly RemoteImage[]> {
    return this.call(repository, () => listImages(this.ecr, repository));
  }

  find(repository: string, imageDigest: Digest): Promise<RemoteImage | undefined> {
    return this.call(repository, async () => {
      const request = { repositoryName: repository, imageIds: [{ imageDigest }] };
      try {
        const { imageDetails = [] } = await this.ecr.send(new DescribeImagesCommand(request));
        return imageDetails.flatMap(image)[0];
      } catch (error) {
        if ((error as Error).name === 'ImageNotFoundException') return undefined;
        throw error;
      }
    });
  }

  private async call<T>(repository: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const where = await ecrAddress(this.ecr);
      throw explainEcrFailure(error, { where, repository, ...this.names });
    }
  }
}

function image(detail: ImageDetail): RemoteImage[] {
  const { imageDigest = '', subjectManifestDigest = '' } = detail;
  if (!isDigest(imageDigest)) return [];
  return [
    {
      digest: imageDigest,
      tags: [...(detail.imageTags ?? [])].sort(),
      pushedAt: detail.imagePushedAt ?? new Date(0),
      size: detail.imageSizeInBytes ?? 0,
      mediaType: detail.imageManifestMediaType ?? '',
      artifactType: detail.artifactMediaType,
      pulledAt: detail.lastRecordedPullTime,
      storageClass: (detail.imageStatus ?? 'ACTIVE') === 'ACTIVE' ? 'standard' : 'archive',
      transitionedAt: detail.lastArchivedAt,
      ...(isDigest(subjectManifestDigest) && { subject: subjectManifestDigest }),
    },
  ];
}
