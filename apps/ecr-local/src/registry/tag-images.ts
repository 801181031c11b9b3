import { isTagImmutable } from '@typerush/image-registry';
import { EcrError } from '../errors/ecr-error';
import { type ImageDraft, type StoredImage } from './images';
import { type Refusals } from './refusals';
import { type RepositorySettings } from './repository';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const tagsPerImage = 1000;

/** `unchanged`: the image existed and had the tag, or was pushed again without one. */
export type PushOutcome = 'created' | 'tagged' | 'unchanged';

/**
 * Puts the image into the draft and the tag on it. An existing image keeps its push date; the image that a mutable tag
 * leaves stays, untagged if that was its last. Throws ImageTagAlreadyExistsException, LimitExceededException.
 */
export function pushImage(
  draft: ImageDraft,
  settings: RepositorySettings,
  image: Omit<StoredImage, 'tags'>,
  tag: string | undefined,
  refusals: Refusals,
): PushOutcome {
  const existing = draft.get(image.digest);
  if (existing && (tag === undefined || existing.tags.includes(tag))) return 'unchanged';
  const pushed = existing ?? { ...image, tags: [] };
  if (tag === undefined) draft.put(pushed);
  else moveTag(draft, settings, pushed, tag, refusals);
  return existing ? 'tagged' : 'created';
}

function moveTag(
  draft: ImageDraft,
  settings: RepositorySettings,
  image: StoredImage,
  tag: string,
  refusals: Refusals,
): void {
  const filters = settings.imageTagMutabilityExclusionFilters ?? [];
  const owner = draft.tagged(tag);
  if (owner && isTagImmutable(settings.imageTagMutability, filters, tag)) {
    throw refusals.tagTaken(settings.name, tag);
  }
  if (image.tags.length >= tagsPerImage) {
    throw new EcrError(
      'LimitExceededException',
      `The image with digest '${image.digest}' has the maximum of ${tagsPerImage} tags`,
    );
  }
  if (owner) draft.put({ ...owner, tags: owner.tags.filter((other) => other !== tag) });
  draft.put({ ...image, tags: [...image.tags, tag] });
}
