import { type RepositoryRef } from './ecr-service';
import { invalidParameter } from './refusals';
import { type Registry, repositoryArn } from './registry';
import { type Repository } from './repository';

/** The repository that a request is about; one of another account does not exist here. */
export function addressed(
  registry: Registry,
  request: { registryId?: string | undefined; repositoryName: string },
): Repository {
  const { registryId = registry.account, repositoryName } = request;
  if (registryId !== registry.account) {
    throw registry.refusals.repositoryNotFound(repositoryName, registryId);
  }
  return registry.repositories.get(repositoryName);
}

export const refOf = ({ account }: Registry, { name }: Repository): RepositoryRef => ({
  registryId: account,
  repositoryName: name,
});

/** For requests about no one repository. */
export function requireOwnRegistry(
  { account }: Registry,
  registryId: string | undefined,
  parameter = 'registryId',
): void {
  if (registryId !== undefined && registryId !== account) {
    throw invalidParameter(parameter, `The only registry here is '${account}'`);
  }
}

export function addressedByArn(registry: Registry, arn: string): Repository {
  const prefix = repositoryArn(registry, '');
  if (!arn.startsWith(prefix)) {
    throw invalidParameter(
      'resourceArn',
      `Invalid ARN: a repository of this registry has '${prefix}<name>'`,
    );
  }
  return registry.repositories.get(arn.slice(prefix.length));
}
