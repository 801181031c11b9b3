import { type StoredImage } from './images';

export type ImageStatus = 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING';

/** What a client reads about a pull of an image that is not active. */
export const archivedImage = 'The image is archived: restore it with UpdateImageStorageClass';

/** How long an image takes out of the archive. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-archive-restore.html */
const activationMs = 20 * 60 * 1000;

export function imageStatus({ archive }: StoredImage, now: Date): ImageStatus {
  if (!archive) return 'ACTIVE';
  const { activatedAt } = archive;
  if (activatedAt === undefined) return 'ARCHIVED';
  return now.getTime() < Date.parse(activatedAt) + activationMs ? 'ACTIVATING' : 'ACTIVE';
}

/** The image in the archive, or on its way out of it; itself if it is there already. */
export function moved(image: StoredImage, to: 'ARCHIVE' | 'STANDARD', now: Date): StoredImage {
  const isArchived = imageStatus(image, now) === 'ARCHIVED';
  if (isArchived === (to === 'ARCHIVE')) return image;
  const at = now.toISOString();
  return {
    ...image,
    archive:
      to === 'ARCHIVE'
        ? { archivedAt: at }
        : { archivedAt: image.archive?.archivedAt ?? at, activatedAt: at },
  };
}
