import {
  type StandingImage,
  type StandingRegistry,
  type StandingRepository,
} from '../standing-registry';
import { type ImageRecord, type RepositoryRecord } from './backup-format';

/** A repository as it stands, for a backup with or without the images themselves. */
export async function repositoryRecord(
  registry: StandingRegistry,
  repository: StandingRepository,
  withImages: boolean,
): Promise<RepositoryRecord> {
  const { name, arn, mutability, scanOnPush, encryption } = repository;
  const [images, lifecyclePolicy, repositoryPolicy, resourceTags] = await Promise.all([
    registry.images(name),
    registry.lifecyclePolicy(name),
    registry.repositoryPolicy(name),
    registry.resourceTags(arn),
  ]);
  return {
    name,
    arn,
    imageTagMutability: mutability.imageTagMutability,
    imageTagMutabilityExclusionFilters: (mutability.imageTagMutabilityExclusionFilters ?? []).map(
      ({ filter }) => filter,
    ),
    scanOnPush,
    encryption,
    lifecyclePolicy: lifecyclePolicy ?? null,
    repositoryPolicy: repositoryPolicy ?? null,
    resourceTags: { ...resourceTags },
    images: images.map((image) => imageRecord(image, withImages)),
  };
}

function imageRecord(image: StandingImage, withImages: boolean): ImageRecord {
  const { digest, mediaType, artifactType, tags, pushedAt, size, subject, storageClass } = image;
  return {
    digest,
    mediaType,
    artifactType,
    tags: [...tags],
    pushedAt: pushedAt.toISOString(),
    size,
    subject,
    // An archived image cannot be pulled.
    held: withImages && storageClass === 'standard',
  };
}
