import {
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  type Repository as EcrRepository,
} from '@aws-sdk/client-ecr';
import { type Environment, type TagMutabilitySetting } from '@typerush/image-registry';
import { type RegistryCredentials } from '@typerush/oci';
import { ecrAddress } from './ecr-address';
import { type EcrTarget } from './ecr-target';
import { explainEcrFailure } from './ecr-failure';
import { type PipelineError } from '@typerush/pipeline-context';
import { type Repository, type RepositoryFinder } from './repository';

/** Repositories of Amazon ECR, or of whatever speaks its API at the target's endpoint. */
export class EcrRepositories implements RepositoryFinder {
  private readonly ecr: ECRClient;

  constructor(
    target: EcrTarget,
    /** Named in messages. */
    private readonly of: { readonly project: string; readonly environment: Environment },
  ) {
    this.ecr = new ECRClient({ ...target });
  }

  async find(name: string): Promise<Repository> {
    try {
      const [found, login] = await Promise.all([
        this.ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })),
        this.logIn(),
      ]);
      const credentials = this.renewed(name, login.credentials);
      return {
        ...describe(name, found.repositories?.[0] ?? {}),
        scheme: login.scheme,
        credentials,
      };
    } catch (error) {
      throw await this.explain(error, name);
    }
  }

  private async explain(error: unknown, repository: string): Promise<PipelineError> {
    const where = await ecrAddress(this.ecr);
    return explainEcrFailure(error, { where, repository, ...this.of });
  }

  /** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html */
  private async logIn() {
    const { authorizationData } = await this.ecr.send(new GetAuthorizationTokenCommand({}));
    const { authorizationToken = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {};
    const scheme = proxyEndpoint.startsWith('http://') ? ('http' as const) : ('https' as const);
    return { scheme, credentials: decodeToken(authorizationToken) };
  }

  /** The credentials at hand, and from the second time on, when these have expired, new ones. */
  private renewed(name: string, first: RegistryCredentials): () => Promise<RegistryCredentials> {
    let next: RegistryCredentials | undefined = first;
    const again = () =>
      this.logIn().catch(async (error: unknown) => {
        throw await this.explain(error, name);
      });
    return async () => {
      const credentials = next ?? (await again()).credentials;
      next = undefined;
      return credentials;
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

/** Which tags of a repository may move, as ECR describes it. */
export function mutabilityOf(repository: EcrRepository): TagMutabilitySetting {
  return {
    imageTagMutability: repository.imageTagMutability ?? 'MUTABLE',
    imageTagMutabilityExclusionFilters: repository.imageTagMutabilityExclusionFilters?.flatMap(
      ({ filter }) => (filter ? [{ filterType: 'WILDCARD' as const, filter }] : []),
    ),
  };
}

/** `base64("AWS:<password>")` */
function decodeToken(token: string): RegistryCredentials {
  const text = Buffer.from(token, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
