import { DescribeImagesCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ecrAddress, explainEcrFailure, type EcrTarget } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';

export interface RegistryImage {
  /** `sha256:...` */
  readonly digest: string;
  readonly tags: readonly string[];
  /** `<repository uri>@<digest>`, as a task definition names it. */
  readonly uri: string;
}

/** Images in the registry of one environment. */
export class EnvironmentImages {
  private readonly ecr: ECRClient;

  constructor(
    target: EcrTarget,
    private readonly environment: Environment,
  ) {
    this.ecr = new ECRClient({ ...target });
  }

  /** @throws PipelineError the errors of ECR; a missing image or repository is none: `undefined` */
  async find(
    repository: string,
    image: { readonly tag: string } | { readonly digest: string },
  ): Promise<RegistryImage | undefined> {
    try {
      const [{ repositories = [] }, { imageDetails = [] }] = await Promise.all([
        this.ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repository] })),
        this.ecr.send(
          new DescribeImagesCommand({
            repositoryName: repository,
            imageIds: ['tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest }],
          }),
        ),
      ]);
      const [{ imageDigest: digest = '', imageTags: tags = [] } = {}] = imageDetails;
      return { digest, tags, uri: `${repositories[0]?.repositoryUri}@${digest}` };
    } catch (error) {
      const { name } = error as Error;
      if (name === 'ImageNotFoundException' || name === 'RepositoryNotFoundException')
        return undefined;
      throw explainEcrFailure(error, {
        where: await ecrAddress(this.ecr),
        repository,
        project: 'infra',
        environment: this.environment,
      });
    }
  }
}
