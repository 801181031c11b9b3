import { randomUUID } from 'node:crypto';
import { EcrError } from '../errors/ecr-error';
import { Images } from './images';
import { bestMatch } from './name-prefixes';
import { homeOf, type Registry, repositoryArn } from './registry';
import { type CreationTemplate } from './registry-configuration';
import { type Repository } from './repository';

/** What ECR creates repositories for. */
export type CreatingAction = 'PULL_THROUGH_CACHE' | 'REPLICATION' | 'CREATE_ON_PUSH';

export const templateFor = (
  templates: readonly CreationTemplate[],
  name: string,
  action: CreatingAction,
): CreationTemplate | undefined =>
  bestMatch(
    templates.filter(({ appliedFor }) => appliedFor.includes(action)),
    ({ prefix }) => prefix,
    name,
  );

/** The template by which a push creates a missing repository. Without one it is not created. */
export const pushTemplateFor = (
  { configuration }: Registry,
  name: string,
): CreationTemplate | undefined =>
  templateFor(configuration.get().templates, name, 'CREATE_ON_PUSH');

/** The repository that an image is pushed to. @throws RepositoryNotFoundException if no template is for it */
export async function repositoryToPushTo(registry: Registry, name: string): Promise<Repository> {
  const isMissing = !registry.repositories.find(name);
  if (isMissing && pushTemplateFor(registry, name)) {
    return createFromTemplate(registry, name, 'CREATE_ON_PUSH');
  }
  return registry.repositories.get(name);
}

/**
 * Creates a repository that no client has created, with the settings of its template.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 *
 * @throws RepositoryNotFoundException if the role of the template does not suffice
 */
export async function createFromTemplate(
  registry: Registry,
  name: string,
  action: CreatingAction,
): Promise<Repository> {
  const template = templateFor(registry.configuration.get().templates, name, action);
  const problem = template && findRoleProblem(registry, name, template);
  if (problem !== undefined) {
    throw new EcrError(
      'RepositoryNotFoundException',
      `${registry.refusals.repositoryNotFound(name).message}. It was not created by the repository creation template '${template?.prefix}': ${problem}`,
    );
  }
  const createdAt = registry.clock().toISOString();
  const repository: Repository = {
    id: randomUUID(),
    name,
    home: homeOf(registry),
    createdAt,
    imageTagMutability: template?.imageTagMutability ?? 'MUTABLE',
    ...(template?.imageTagMutabilityExclusionFilters && {
      imageTagMutabilityExclusionFilters: template.imageTagMutabilityExclusionFilters,
    }),
    scanOnPush: false,
    encryption: template?.encryptionConfiguration ?? { encryptionType: 'AES256' },
    resourceTags: template?.resourceTags ?? [],
    ...(template?.lifecyclePolicy && {
      lifecyclePolicy: template.lifecyclePolicy,
      lifecycleSetAt: createdAt,
    }),
    ...(template?.repositoryPolicy && { policy: template.repositoryPolicy }),
    images: new Images(),
  };
  await registry.repositories.create(repository).catch((error: unknown) => {
    // Another request may have created it.
    if (!registry.repositories.find(name)) throw error;
  });
  return registry.repositories.get(name);
}

/** Tags and keys need a role. Without one that the template names, ECR uses its service-linked role. */
function findRoleProblem(
  registry: Registry,
  name: string,
  { customRoleArn, resourceTags = [], encryptionConfiguration }: CreationTemplate,
): string | undefined {
  const hasTags = resourceTags.length > 0;
  if (customRoleArn === undefined) {
    const usesKey = (encryptionConfiguration?.encryptionType ?? 'AES256') !== 'AES256';
    return hasTags || usesKey
      ? 'it needs a customRoleArn, since it has resourceTags or encrypts with KMS'
      : undefined;
  }
  return registry.serviceRoles.findProblem({
    roleArn: customRoleArn,
    service: 'ecr.amazonaws.com',
    location: registry,
    actions: ['ecr:CreateRepository', ...(hasTags ? ['ecr:TagResource'] : [])],
    resource: repositoryArn(registry, name),
  });
}
