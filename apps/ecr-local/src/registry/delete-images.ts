import { isDigest } from '../storage/digest';
import { type ImageFailure, type ImageIdentifier } from './ecr-types';
import { type ImageDraft, type ImageView, type StoredImage } from './images';

export interface Deletion {
  /** What was deleted, one entry per tag as ECR answers it. */
  readonly deleted: readonly ImageIdentifier[];
  readonly failures: readonly ImageFailure[];
}

type Failure = Omit<ImageFailure, 'imageId'>;

/** The image that an identifier means, or why it means none. */
export function resolveImage(
  images: ImageView,
  { imageDigest, imageTag }: ImageIdentifier,
): StoredImage | Failure {
  if (imageDigest === undefined && imageTag === undefined) {
    return {
      failureCode: 'MissingDigestAndTag',
      failureReason: 'Invalid request parameters: both tag and digest cannot be null',
    };
  }
  if (imageDigest !== undefined && !isDigest(imageDigest)) {
    return {
      failureCode: 'InvalidImageDigest',
      failureReason:
        "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    };
  }
  const tagged = imageTag === undefined ? undefined : images.tagged(imageTag);
  const found = imageDigest === undefined ? tagged : images.get(imageDigest);
  if (!found || (imageTag !== undefined && !tagged)) {
    return { failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
  }
  if (tagged && tagged !== found) {
    return {
      failureCode: 'ImageTagDoesNotMatchDigest',
      failureReason: 'Requested image not found: the tag is on another image than the digest',
    };
  }
  return found;
}

export const isFailure = (result: StoredImage | Failure): result is Failure =>
  'failureCode' in result;

/**
 * Deletes one after another. By digest the image goes with all its tags; by tag (with or without its digest) the tag goes, and the image with
 * its last one. An image that a manifest list refers to stays.
 */
export function deleteImages(draft: ImageDraft, imageIds: readonly ImageIdentifier[]): Deletion {
  const deleted: ImageIdentifier[] = [];
  const failures: ImageFailure[] = [];
  for (const imageId of imageIds) {
    const result = deleteImage(draft, imageId);
    if ('failureCode' in result) failures.push({ imageId, ...result });
    else deleted.push(...result);
  }
  return { deleted, failures };
}

function deleteImage(draft: ImageDraft, imageId: ImageIdentifier): ImageIdentifier[] | Failure {
  const image = resolveImage(draft, imageId);
  if (isFailure(image)) return image;
  const { digest: imageDigest } = image;
  const { imageTag } = imageId;
  const tags = imageTag === undefined ? [] : image.tags.filter((tag) => tag !== imageTag);
  if (tags.length > 0) draft.put({ ...image, tags });
  else {
    const lists = draft.listsOf(imageDigest);
    if (lists.length > 0) return referencedBy(lists);
    draft.remove(imageDigest);
  }
  if (imageTag !== undefined) return [{ imageDigest, imageTag }];
  if (image.tags.length === 0) return [{ imageDigest }];
  return image.tags.map((tag) => ({ imageDigest, imageTag: tag }));
}

const referencedBy = (lists: readonly StoredImage[]): Failure => ({
  failureCode: 'ImageReferencedByManifestList',
  failureReason: `Requested image referenced by manifest list: [${lists.map(({ digest }) => digest).join(', ')}]`,
});
