import {
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  type Repository as EcrRepository,
} from '@aws-sdk/client-ecr';
import { type Environment, type TagMutabilitySetting } from '@typerush/image-registry';
import { type RegistryCredentials } from '@typerush/oci';
import { type PipelineError } from '@typerush/pipeline-context';
import { decodeToken } from './ecr-credentials';
import { ecrAddress, explainEcrFailure } from './ecr-failure';
import { type EcrTarget } from './ecr-target';
import { type Repository, type RepositoryFinder } from './repository';

/** Repositories of Amazon ECR, or of another server with its API at the target's endpoint. */
export class EcrRepositories implements RepositoryFinder {
  private readonly ecr: ECRClient;

  constructor(
    target: EcrTarget,
    /** Named in messages. */
    private readonly names: { readonly project: string; readonly environment: Environment },
  ) {
    this.ecr = new ECRClient({ ...target });
  }

  async find(name: string): Promise<Repository> {
    try {
      const [found, { scheme, credentials }] = await Promise.all([
        this.ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })),
        this.authorize(),
      ]);
      const repository = describe(name, found.repositories?.[0] ?? {});
      return { ...repository, scheme, credentials: this.renewing(name, credentials) };
    } catch (error) {
      throw await this.explain(error, name);
    }
  }

  private async explain(error: unknown, repository: string): Promise<PipelineError> {
    const where = await ecrAddress(this.ecr);
    return explainEcrFailure(error, { where, repository, ...this.names });
  }

  /** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html */
  private async authorize() {
    const { authorizationData } = await this.ecr.send(new GetAuthorizationTokenCommand({}));
    const { authorizationToken = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {};
    const scheme = proxyEndpoint.startsWith('http://') ? ('http' as const) : ('https' as const);
    return { scheme, credentials: decodeToken(authorizationToken) };
  }

  /** The given credentials at the first call; new ones at each later call, which is made when they have expired. */
  private renewing(name: string, first: RegistryCredentials): () => Promise<RegistryCredentials> {
    let unused: RegistryCredentials | undefined = first;
    return async () => {
      const credentials = unused;
      unused = undefined;
      if (credentials) return credentials;
      try {
        return (await this.authorize()).credentials;
      } catch (error) {
        throw await this.explain(error, name);
      }
    };
  }
}

function describe(name: string, repository: EcrRepository) {
  const uri = repository.repositoryUri ?? '';
  const slash = uri.indexOf('/');
  return {
    name,
    uri,
    host: uri.slice(0, slash),
    path: uri.slice(slash + 1),
    mutability: mutabilityOf(repository),
  };
}

/** The tag mutability of a repository that ECR describes. */
export function mutabilityOf(repository: EcrRepository): TagMutabilitySetting {
  return {
    imageTagMutability: repository.imageTagMutability ?? 'MUTABLE',
    imageTagMutabilityExclusionFilters: repository.imageTagMutabilityExclusionFilters?.flatMap(
      ({ filter }) => (filter ? [{ filterType: 'WILDCARD' as const, filter }] : []),
    ),
  };
}
