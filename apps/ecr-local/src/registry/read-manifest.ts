import { buffer } from 'node:stream/consumers';
import { type Registry } from './registry';
import { manifestBucket, type Repository, type StoredImage } from './repository';

/** A pull is recorded again only when the last record is this old, so that pulls do not write all the time. */
const recordPullEveryMs = 60_000;

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

export async function recordPull(
  { repositories, clock }: Registry,
  { name }: Repository,
  { digest, pulledAt }: StoredImage,
): Promise<void> {
  const now = clock();
  if (pulledAt && now.getTime() - Date.parse(pulledAt) < recordPullEveryMs) return;
  await repositories.update(name, (current) => ({
    ...current,
    images: current.images.map((image) =>
      image.digest === digest ? { ...image, pulledAt: now.toISOString() } : image,
    ),
  }));
}
