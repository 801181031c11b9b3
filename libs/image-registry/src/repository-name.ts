import { type Environment } from './environment';
import { ImageRegistryError } from './errors';

const segment = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';

/** The characters of a repository name: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export const repositoryNamePattern = new RegExp(`^${segment}(?:/${segment})*$`);

export const repositoryNameRule =
  'lower-case letters and digits, joined by ".", "_", "__" or hyphens, in one or more segments joined by "/"';

/** `naming` of registry.json: whether the names of repositories contain the environment. */
export const namings = ['shared', 'per-environment'] as const;

const lengths = { min: 2, max: 256 };

export class RepositoryNameError extends ImageRegistryError {
  readonly code = 'REPOSITORY_NAME_INVALID';
}

export class RepositorySharedError extends ImageRegistryError {
  readonly code = 'REPOSITORY_SHARED';
}

/** A repository, and the file that declares it. */
export interface RepositoryDeclaration {
  readonly repository: string;
  readonly declaredIn: string;
}

/**
 * Services that share a repository overwrite each other's tags, and the lifecycle policy counts their images together.
 *
 * @throws RepositorySharedError that names both files
 */
export function requireDistinctRepositories(declarations: readonly RepositoryDeclaration[]): void {
  const first = new Map<string, string>();
  for (const { repository, declaredIn } of declarations) {
    const other = first.get(repository);
    if (other !== undefined) throw sharedRepository(repository, other, declaredIn);
    first.set(repository, declaredIn);
  }
}

const sharedRepository = (repository: string, one: string, other: string) =>
  new RepositorySharedError(
    `Repository "${repository}" is declared by two services: ${one} and ${other}. ` +
      'Each would overwrite the tags of the other.\nFix: give one of them another "repository".',
  );

/** Whether ECR takes the name: 2 to 256 characters of {@link repositoryNamePattern}. */
export function isRepositoryName(name: string): boolean {
  return (
    name.length >= lengths.min && name.length <= lengths.max && repositoryNamePattern.test(name)
  );
}

/**
 * The name of a service's repository in the registry of an environment: `typerush/game-service`, or
 * `typerush-prod/game-service` if the workspace names per environment.
 *
 * @throws RepositoryNameError if ECR would refuse the name.
 */
export function repositoryName(of: {
  readonly registry: { readonly namespace: string; readonly naming: (typeof namings)[number] };
  readonly repository: string;
  readonly environment: Environment;
}): string {
  const { namespace, naming } = of.registry;
  const name = `${naming === 'shared' ? namespace : `${namespace}-${of.environment}`}/${of.repository}`;
  if (isRepositoryName(name)) return name;
  throw new RepositoryNameError(
    `Invalid repository name "${name}". Expected ${lengths.min} to ${lengths.max} characters: ` +
      `${repositoryNameRule}.\nFix: change "repository" in image.json or "namespace" in registry.json.`,
  );
}
