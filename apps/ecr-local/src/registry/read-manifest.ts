import { buffer } from 'node:stream/consumers';
import { type Registry } from './registry';
import { type StoredImage } from './images';
import { manifestBucket, type Repository } from './repository';

/** The exact bytes that were pushed; undefined if they are damaged or missing in the storage. */
export async function readManifest(
  { blobs }: Registry,
  repository: Repository,
  { digest }: StoredImage,
): Promise<Buffer | undefined> {
  const bucket = manifestBucket(repository);
  if (!(await blobs.stat(bucket, digest))) return undefined;
  return buffer(await blobs.read(bucket, digest));
}

/** What a client reads about such an image. */
export const damagedManifest =
  'The manifest of the image is damaged in the data folder of ecr-local: push it again';
