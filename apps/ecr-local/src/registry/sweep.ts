import { type Registry } from './registry';
import { layerBucket, manifestBucket, type Repository } from './repository';

/** Long enough for any push that is still going on. */
const keptForMs = 24 * 60 * 60 * 1000;

export interface Swept {
  readonly uploads: number;
  readonly blobs: number;
  readonly buckets: number;
}

/**
 * Removes what no request can reach any more: upload sessions and unreferenced blobs that are older than a day, and the blobs of deleted
 * repositories. For the start, before anybody pushes.
 */
export async function sweep({ repositories, blobs, uploads, clock }: Registry): Promise<Swept> {
  const before = new Date(clock().getTime() - keptForMs);
  const known = repositories.list();
  const inUse = new Map(known.flatMap(bucketsOf));
  let swept = 0;
  const orphans = (await blobs.listBuckets()).filter((bucket) => !inUse.has(bucket));
  for (const bucket of orphans) await blobs.dropBucket(bucket);
  for (const [bucket, digests] of inUse) {
    for (const { digest, writtenAt } of await blobs.list(bucket)) {
      if (digests.has(digest) || writtenAt >= before) continue;
      await blobs.delete(bucket, digest);
      swept += 1;
    }
  }
  return { uploads: await uploads.expire(before), blobs: swept, buckets: orphans.length };
}

const bucketsOf = (repository: Repository): [string, Set<string>][] => [
  [layerBucket(repository), new Set(repository.images.flatMap(({ blobs }) => blobs))],
  [manifestBucket(repository), new Set(repository.images.map(({ digest }) => digest))],
];
