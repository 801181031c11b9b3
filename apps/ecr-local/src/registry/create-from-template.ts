import { randomUUID } from 'node:crypto';
import { Images } from './images';
import { bestMatch } from './name-prefixes';
import { homeOf, type Registry } from './registry';
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

/** Creates a repository that no client has created, with the settings of its template. https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html */
export async function createFromTemplate(
  registry: Registry,
  name: string,
  action: CreatingAction,
): Promise<Repository> {
  const template = templateFor(registry.configuration.get().templates, name, action);
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
