import { type Registry } from './registry';
import { isRepositoryBucket, layerBucket, manifestBucket, type Repository } from './repository';

/** Long enough for any push that is still going on. */
const keptForMs = 24 * 60 * 60 * 1000;

export interface Swept {
  readonly uploads: number;
  readonly blobs: number;
  readonly buckets: number;
}

/**
 * Removes what no request can reach any more: uploads and unreferenced blobs, those of deleted repositories included,
 * that are older than a day. For the start, once everything stored has been read, and before anybody pushes.
 */
export async function sweep({ repositories, blobs, uploads, clock }: Registry): Promise<Swept> {
  const before = new Date(clock().getTime() - keptForMs);
  const inUse = new Map(repositories.list().flatMap(bucketsOf));
  const orphans = (await blobs.listBuckets()).filter(
    (bucket) => isRepositoryBucket(bucket) && !inUse.has(bucket),
  );
  const swept = { uploads: await uploads.expire(before), blobs: 0, buckets: 0 };
  for (const bucket of [...orphans, ...inUse.keys()]) {
    const held = await blobs.list(bucket);
    const unreferenced = held.filter(
      ({ digest, writtenAt }) => writtenAt < before && !inUse.get(bucket)?.has(digest),
    );
    for (const { digest } of unreferenced) await blobs.delete(bucket, digest);
    swept.blobs += unreferenced.length;
    if (inUse.has(bucket) || unreferenced.length < held.length) continue;
    await blobs.dropBucket(bucket);
    swept.buckets += 1;
  }
  return swept;
}

const bucketsOf = (repository: Repository): [string, Set<string>][] => [
  [layerBucket(repository), new Set(repository.images.flatMap(({ blobs }) => blobs))],
  [manifestBucket(repository), new Set(repository.images.map(({ digest }) => digest))],
];
