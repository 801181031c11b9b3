import { type Environment } from '@typerush/image-registry';
import { RegistryClient } from '@typerush/oci';
import { EcrRepositories, type EcrTarget } from '@typerush/ecr-access';

/** The registry protocol's way into a repository. */
export interface OpenRepository {
  readonly client: RegistryClient;
  /** The repository's name in the registry protocol. */
  readonly path: string;
}

/** @throws PipelineError */
export type RepositoryAccess = (repository: string) => Promise<OpenRepository>;

export function repositoryAccess(target: EcrTarget, environment: Environment): RepositoryAccess {
  const repositories = new EcrRepositories(target, { project: 'infra', environment });
  return async (name) => {
    const repository = await repositories.find(name);
    return { client: new RegistryClient(repository), path: repository.path };
  };
}
