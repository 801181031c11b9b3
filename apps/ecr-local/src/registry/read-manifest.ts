import { type Registry } from './registry';
import { type StoredImage } from './images';
import { manifestBucket, type Repository } from './repository';

/** The exact bytes that were pushed; undefined if they are damaged or missing in the storage. */
export async function readManifest(
  { blobs }: Registry,
  repository: Repository,
  { digest }: StoredImage,
): Promise<Buffer | undefined> {
  const blob = await blobs.open(manifestBucket(repository), digest);
  if (!blob) return undefined;
  try {
    const bytes = Buffer.allocUnsafe(blob.size);
    return (await blob.readInto(bytes, 0)) === bytes.length ? bytes : undefined;
  } finally {
    blob.close();
  }
}

/** What a client reads about such an image. */
export const damagedManifest =
  'The manifest of the image is damaged in the data folder of ecr-local: push it again';
