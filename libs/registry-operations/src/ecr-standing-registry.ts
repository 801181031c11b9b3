import {
  BatchGetImageCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  paginateDescribeImages,
  paginateDescribeRepositories,
  type ImageDetail,
  type Repository as EcrRepository,
} from '@aws-sdk/client-ecr';
import { type Environment } from '@typerush/image-registry';
import { type Digest, isDigest, MEDIA_TYPE } from '@typerush/oci';
import { ecrAddress, mutabilityOf, type EcrTarget } from '@typerush/ecr-access';
import { explainOperationFailure } from './explain-failure';
import {
  type StandingImage,
  type StandingRegistry,
  type StandingRepository,
} from './standing-registry';

/** ECR's limits for a batch and for a page. */
const batchSize = 100;
const pageSize = 1000;

const acceptedMediaTypes = [
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.dockerManifest,
  MEDIA_TYPE.dockerList,
];

/** What stands in Amazon ECR, or in whatever speaks its API at the target's endpoint. */
export class EcrStandingRegistry implements StandingRegistry {
  private readonly ecr: ECRClient;

  constructor(
    target: EcrTarget,
    private readonly environment: Environment,
  ) {
    this.ecr = new ECRClient({ ...target });
  }

  async repositories(): Promise<readonly StandingRepository[]> {
    return this.asking('DescribeRepositories', undefined, async () => {
      const found: StandingRepository[] = [];
      const pages = paginateDescribeRepositories({ client: this.ecr, pageSize }, {});
      for await (const { repositories = [] } of pages) found.push(...repositories.map(describe));
      return found.sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  async images(repository: string): Promise<readonly StandingImage[]> {
    return this.asking('DescribeImages', repository, async () => {
      const found: StandingImage[] = [];
      // Without the filter ECR leaves archived images out.
      const query = { repositoryName: repository, filter: { imageStatus: 'ANY' as const } };
      const pages = paginateDescribeImages({ client: this.ecr, pageSize }, query);
      for await (const { imageDetails = [] } of pages) found.push(...imageDetails.flatMap(image));
      return found.sort((a, b) => a.pushedAt.getTime() - b.pushedAt.getTime());
    });
  }

  async manifests(
    repository: string,
    digests: readonly Digest[],
  ): Promise<ReadonlyMap<Digest, string>> {
    return this.asking('BatchGetImage', repository, async () => {
      const found = new Map<Digest, string>();
      for (let from = 0; from < digests.length; from += batchSize) {
        const imageIds = digests
          .slice(from, from + batchSize)
          .map((imageDigest) => ({ imageDigest }));
        const request = { repositoryName: repository, imageIds, acceptedMediaTypes };
        const { images = [] } = await this.ecr.send(new BatchGetImageCommand(request));
        for (const { imageId, imageManifest } of images) {
          const digest = imageId?.imageDigest ?? '';
          if (isDigest(digest) && imageManifest !== undefined) found.set(digest, imageManifest);
        }
      }
      return found;
    });
  }

  async lifecyclePolicy(repositoryName: string): Promise<string | undefined> {
    return this.policy('GetLifecyclePolicy', repositoryName, async () => {
      const answer = await this.ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
      return answer.lifecyclePolicyText;
    });
  }

  async repositoryPolicy(repositoryName: string): Promise<string | undefined> {
    return this.policy('GetRepositoryPolicy', repositoryName, async () => {
      const answer = await this.ecr.send(new GetRepositoryPolicyCommand({ repositoryName }));
      return answer.policyText;
    });
  }

  async resourceTags(arn: string): Promise<Readonly<Record<string, string>>> {
    return this.asking('ListTagsForResource', arn, async () => {
      const { tags = [] } = await this.ecr.send(
        new ListTagsForResourceCommand({ resourceArn: arn }),
      );
      return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    });
  }

  private policy(operation: string, repository: string, ask: () => Promise<string | undefined>) {
    return this.asking(operation, repository, () =>
      ask().catch((error: Error) => {
        if (/PolicyNotFoundException$/.test(error.name)) return undefined;
        throw error;
      }),
    );
  }

  private async asking<T>(
    operation: string,
    repository: string | undefined,
    ask: () => Promise<T>,
  ): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const { environment } = this;
      const where = await ecrAddress(this.ecr);
      throw explainOperationFailure(error, { where, environment, operation, repository });
    }
  }
}

function describe(repository: EcrRepository): StandingRepository {
  const { encryptionType = 'AES256', kmsKey } = repository.encryptionConfiguration ?? {};
  return {
    name: repository.repositoryName ?? '',
    arn: repository.repositoryArn ?? '',
    uri: repository.repositoryUri ?? '',
    registryId: repository.registryId ?? '',
    mutability: mutabilityOf(repository),
    scanOnPush: repository.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: { type: encryptionType, ...(kmsKey && { kmsKey }) },
  };
}

function image(detail: ImageDetail): StandingImage[] {
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
      archivedAt: detail.lastArchivedAt,
      ...(isDigest(subjectManifestDigest) && { subject: subjectManifestDigest }),
    },
  ];
}
