import {
  BatchGetImageCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  paginateDescribeRepositories,
  type Repository as EcrRepository,
} from '@aws-sdk/client-ecr';
import {
  ecrAddress,
  EcrRepositories,
  type EcrTarget,
  listImages,
  mutabilityOf,
  type RemoteImage,
} from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { type Digest, isDigest, MEDIA_TYPE, RegistryClient, RemoteRepository } from '@typerush/oci';
import { explainFailure } from './explain-failure';
import {
  type ActualRepository,
  type RemoteRegistry,
  type RepositoryDescription,
} from './remote-registry';

/** ECR's limits for a batch and for a page. */
const batchSize = 100;
const pageSize = 1000;

const acceptedMediaTypes = [
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.dockerManifest,
  MEDIA_TYPE.dockerList,
];

/** Amazon ECR, or a server with the same API at the endpoint of the target. */
export class EcrRemoteRegistry implements RemoteRegistry {
  private readonly ecr: ECRClient;
  private readonly finder: EcrRepositories;

  constructor(
    target: EcrTarget,
    private readonly environment: Environment,
  ) {
    this.ecr = new ECRClient({ ...target });
    this.finder = new EcrRepositories(target, { project: 'infra', environment });
  }

  repositories(): Promise<readonly RepositoryDescription[]> {
    return this.call('DescribeRepositories', undefined, async () => {
      const found: RepositoryDescription[] = [];
      const pages = paginateDescribeRepositories({ client: this.ecr, pageSize }, {});
      for await (const { repositories = [] } of pages) found.push(...repositories.map(describe));
      return found.sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  images(repositoryName: string): Promise<readonly RemoteImage[]> {
    return this.call('DescribeImages', repositoryName, () => listImages(this.ecr, repositoryName));
  }

  manifests(
    repositoryName: string,
    digests: readonly Digest[],
  ): Promise<ReadonlyMap<Digest, string>> {
    return this.call('BatchGetImage', repositoryName, async () => {
      const found = new Map<Digest, string>();
      for (let from = 0; from < digests.length; from += batchSize) {
        const batch = digests.slice(from, from + batchSize);
        const imageIds = batch.map((imageDigest) => ({ imageDigest }));
        const request = { repositoryName, imageIds, acceptedMediaTypes };
        const { images = [] } = await this.ecr.send(new BatchGetImageCommand(request));
        for (const { imageId, imageManifest } of images) {
          const digest = imageId?.imageDigest ?? '';
          if (isDigest(digest) && imageManifest !== undefined) found.set(digest, imageManifest);
        }
      }
      return found;
    });
  }

  lifecyclePolicy(repositoryName: string): Promise<string | undefined> {
    return this.policy('GetLifecyclePolicy', repositoryName, async () => {
      const response = await this.ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
      return response.lifecyclePolicyText;
    });
  }

  async readRepository(repository: RepositoryDescription): Promise<ActualRepository> {
    const { name, arn } = repository;
    const [lifecyclePolicy, repositoryPolicy, resourceTags] = await Promise.all([
      this.lifecyclePolicy(name),
      this.repositoryPolicy(name),
      this.resourceTags(arn),
    ]);
    return { ...repository, lifecyclePolicy, repositoryPolicy, resourceTags };
  }

  async open(name: string): Promise<RemoteRepository> {
    const repository = await this.finder.find(name);
    return new RemoteRepository(new RegistryClient(repository), repository.path);
  }

  private repositoryPolicy(repositoryName: string): Promise<string | undefined> {
    return this.policy('GetRepositoryPolicy', repositoryName, async () => {
      const response = await this.ecr.send(new GetRepositoryPolicyCommand({ repositoryName }));
      return response.policyText;
    });
  }

  private resourceTags(resourceArn: string): Promise<Readonly<Record<string, string>>> {
    return this.call('ListTagsForResource', resourceArn, async () => {
      const { tags = [] } = await this.ecr.send(new ListTagsForResourceCommand({ resourceArn }));
      return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    });
  }

  private policy(operation: string, repository: string, get: () => Promise<string | undefined>) {
    return this.call(operation, repository, () =>
      get().catch((error: Error) => {
        if (/PolicyNotFoundException$/.test(error.name)) return undefined;
        throw error;
      }),
    );
  }

  private async call<T>(
    operation: string,
    repository: string | undefined,
    send: () => Promise<T>,
  ): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const { environment } = this;
      const where = await ecrAddress(this.ecr);
      throw explainFailure(error, { where, environment, operation, repository });
    }
  }
}

function describe(repository: EcrRepository): RepositoryDescription {
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
