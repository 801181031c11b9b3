import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { addressed, requireOwnRegistry } from '../addressed';
import { type EcrService, type RepositoryDescription } from '../ecr-service';
import { awsManagedKeyArn } from '../aws-managed-key';
import { Images } from '../images';
import { pageOf } from '../page';
import { invalidParameter } from '../refusals';
import { homeOf, type Registry, repositoryArn } from '../registry';
import { type Repository } from '../repository';
import {
  batchOf,
  exclusionFiltersField,
  inRepository,
  operation,
  pageFields,
  registryIdField,
  repositoryNameField,
} from '../requests';
import { checkedMutability, mutabilityField, mutabilityOf } from './mutability';
import { resourceTagsField, withResourceTags } from './resource-tags';

const createSchema = z.strictObject({
  ...inRepository,
  tags: resourceTagsField.optional(),
  imageTagMutability: mutabilityField.optional(),
  imageTagMutabilityExclusionFilters: exclusionFiltersField,
  imageScanningConfiguration: z.strictObject({ scanOnPush: z.boolean().optional() }).optional(),
  encryptionConfiguration: z
    .strictObject({
      encryptionType: z.enum(['AES256', 'KMS', 'KMS_DSSE']),
      kmsKey: z.string().min(1).max(2048).optional(),
    })
    .optional(),
});

const describeSchema = z.strictObject({
  registryId: registryIdField,
  repositoryNames: batchOf(repositoryNameField).optional(),
  ...pageFields,
});

export function repositoryOperations(
  registry: Registry,
): Pick<
  EcrService,
  'createRepository' | 'describeRepositories' | 'deleteRepository' | 'describeRegistry'
> {
  const { repositories, refusals, account } = registry;
  return {
    createRepository: operation(createSchema, async (request) => {
      requireOwnRegistry(registry, request.registryId);
      const repository = newRepository(registry, request);
      await repositories.create(repository);
      return { repository: describeRepository(registry, repository) };
    }),
    describeRepositories: operation(describeSchema, (request) => {
      const { repositoryNames, ...page } = request;
      if (!repositoryNames) {
        requireOwnRegistry(registry, request.registryId);
        const { items, nextToken } = pageOf(repositories.list(), ({ name }) => name, page);
        return {
          repositories: items.map((repository) => describeRepository(registry, repository)),
          ...(nextToken !== undefined && { nextToken }),
        };
      }
      refusePaging(page, 'repositoryNames');
      const named = repositoryNames.map((repositoryName) =>
        addressed(registry, { registryId: request.registryId, repositoryName }),
      );
      return { repositories: named.map((repository) => describeRepository(registry, repository)) };
    }),
    deleteRepository: operation(
      z.strictObject({ ...inRepository, force: z.boolean().default(false) }),
      async (request) => {
        const { name } = addressed(registry, request);
        const deleted = await repositories.remove(name, ({ images }) => {
          if (images.size > 0 && !request.force) throw refusals.repositoryNotEmpty(name);
        });
        return { repository: describeRepository(registry, deleted) };
      },
    ),
    describeRegistry: operation(z.strictObject({}), () => ({
      registryId: account,
      replicationConfiguration: registry.configuration.get().replication,
    })),
  };
}

/** ECR rejects paging for repositories that are requested by name. */
export function refusePaging(
  page: { nextToken?: string | undefined; maxResults?: number | undefined },
  names: string,
): void {
  for (const parameter of ['nextToken', 'maxResults'] as const) {
    if (page[parameter] !== undefined) {
      throw invalidParameter(parameter, `This parameter cannot be used with ${names}`);
    }
  }
}

function newRepository(registry: Registry, request: z.output<typeof createSchema>): Repository {
  return {
    id: randomUUID(),
    name: request.repositoryName,
    home: homeOf(registry),
    createdAt: registry.clock().toISOString(),
    ...checkedMutability(request),
    scanOnPush: request.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: request.encryptionConfiguration ?? { encryptionType: 'AES256' },
    resourceTags: withResourceTags([], request.tags ?? []),
    images: new Images(),
  };
}

function describeRepository(registry: Registry, repository: Repository): RepositoryDescription {
  return {
    repositoryArn: repositoryArn(registry, repository.name),
    registryId: registry.account,
    repositoryName: repository.name,
    repositoryUri: `${registry.host()}/${repository.name}`,
    createdAt: new Date(repository.createdAt),
    ...mutabilityOf(repository),
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration:
      repository.encryption.encryptionType === 'AES256'
        ? repository.encryption
        : { kmsKey: awsManagedKeyArn(registry), ...repository.encryption },
  };
}
