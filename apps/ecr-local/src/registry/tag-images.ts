import { isTagImmutable } from '@typerush/image-registry';
import { EcrError } from '../errors/ecr-error';
import { type Refusals } from './refusals';
import { imageOfDigest, imageOfTag, type Repository, type StoredImage } from './repository';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const tagsPerImage = 1000;

/** `unchanged`: the image existed and had the tag, or was pushed again without one. */
export type PushOutcome = 'created' | 'tagged' | 'unchanged';

export interface Push {
  readonly repository: Repository;
  readonly outcome: PushOutcome;
}

/**
 * The repository with the image in it and the tag on it. An existing image keeps its push date; the image that a
 * mutable tag leaves stays, untagged if that was its last. Throws ImageTagAlreadyExistsException, LimitExceededException.
 */
export function pushImage(
  repository: Repository,
  image: Omit<StoredImage, 'tags'>,
  tag: string | undefined,
  refusals: Refusals,
): Push {
  const existing = imageOfDigest(repository, image.digest);
  if (existing && (tag === undefined || existing.tags.includes(tag))) {
    return { repository, outcome: 'unchanged' };
  }
  const images = existing ? repository.images : [...repository.images, { ...image, tags: [] }];
  const pushed = { ...repository, images };
  return {
    repository: tag === undefined ? pushed : moveTag(pushed, tag, image.digest, refusals),
    outcome: existing ? 'tagged' : 'created',
  };
}

function moveTag(
  repository: Repository,
  tag: string,
  digest: string,
  refusals: Refusals,
): Repository {
  const filters = repository.imageTagMutabilityExclusionFilters ?? [];
  const immutable = isTagImmutable(repository.imageTagMutability, filters, tag);
  if (immutable && imageOfTag(repository, tag)) throw refusals.tagTaken(repository.name, tag);
  const images = repository.images.map((image) => {
    const others = image.tags.filter((other) => other !== tag);
    return { ...image, tags: image.digest === digest ? [...others, tag] : others };
  });
  if (images.some(({ tags }) => tags.length > tagsPerImage)) {
    throw new EcrError(
      'LimitExceededException',
      `The image with digest '${digest}' has the maximum of ${tagsPerImage} tags`,
    );
  }
  return { ...repository, images };
}
