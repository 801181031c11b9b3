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
      const { repositories } = await this.ecr.send(
        new DescribeRepositoriesCommand({ repositoryNames: [name] }),
      );
      const { authorizationData } = await this.ecr.send(new GetAuthorizationTokenCommand({}));
      const { authorizationToken = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {};
      return describe(name, repositories?.[0] ?? {}, authorizationToken, proxyEndpoint);
    } catch (error) {
      const where = await ecrAddress(this.ecr);
      throw explainEcrFailure(error, { where, repository: name, ...this.of });
    }
  }
}

function describe(
  name: string,
  repository: EcrRepository,
  authorizationToken: string,
  proxyEndpoint: string,
): Repository {
  const uri = repository.repositoryUri ?? '';
  const slash = uri.indexOf('/');
  return {
    name,
    uri,
    host: uri.slice(0, slash),
    path: uri.slice(slash + 1),
    scheme: proxyEndpoint.startsWith('http://') ? 'http' : 'https',
    credentials: decodeToken(authorizationToken),
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

/** `base64("AWS:<password>")`; https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html */
function decodeToken(token: string): RegistryCredentials {
  const text = Buffer.from(token, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
