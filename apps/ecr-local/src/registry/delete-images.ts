import { isDigest } from '../storage/digest';
import { type ImageFailure, type ImageIdentifier } from './ecr-types';
import { imageOfDigest, imageOfTag, type Repository, type StoredImage } from './repository';

export interface Deletion {
  readonly repository: Repository;
  /** What was deleted, one entry per tag as ECR answers it. */
  readonly deleted: readonly ImageIdentifier[];
  readonly failures: readonly ImageFailure[];
}

type Failure = Omit<ImageFailure, 'imageId'>;

/** The image that an identifier means, or why it means none. */
export function resolveImage(
  repository: Repository,
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
  const tagged = imageTag === undefined ? undefined : imageOfTag(repository, imageTag);
  const found = imageDigest === undefined ? tagged : imageOfDigest(repository, imageDigest);
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
export function deleteImages(
  repository: Repository,
  imageIds: readonly ImageIdentifier[],
): Deletion {
  return imageIds.reduce<Deletion>((state, imageId) => deleteImage(state, imageId), {
    repository,
    deleted: [],
    failures: [],
  });
}

function deleteImage(state: Deletion, imageId: ImageIdentifier): Deletion {
  const { repository } = state;
  const image = resolveImage(repository, imageId);
  if (isFailure(image)) return failed(state, imageId, image);
  const { imageTag } = imageId;
  const tags = imageTag === undefined ? [] : image.tags.filter((tag) => tag !== imageTag);
  const going = imageTag === undefined ? image.tags : [imageTag];
  if (tags.length === 0) {
    const lists = repository.images.filter(({ children }) => children.includes(image.digest));
    if (lists.length > 0) return failed(state, imageId, referencedBy(lists));
  }
  const images = repository.images.flatMap((other) => {
    if (other !== image) return [other];
    return tags.length === 0 ? [] : [{ ...image, tags }];
  });
  const deleted = going.length > 0 ? going : [undefined];
  return {
    ...state,
    repository: { ...repository, images },
    deleted: [
      ...state.deleted,
      ...deleted.map((tag) => ({
        imageDigest: image.digest,
        ...(tag !== undefined && { imageTag: tag }),
      })),
    ],
  };
}

const referencedBy = (lists: readonly StoredImage[]): Failure => ({
  failureCode: 'ImageReferencedByManifestList',
  failureReason: `Requested image referenced by manifest list: [${lists.map(({ digest }) => digest).join(', ')}]`,
});

const failed = (state: Deletion, imageId: ImageIdentifier, failure: Failure): Deletion => ({
  ...state,
  failures: [...state.failures, { imageId, ...failure }],
});
