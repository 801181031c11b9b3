import { type Registries } from './registries';
import { isRepositoryBucket, layerBucket, manifestBucket } from './repository';

/** Long enough for any push that is still going on. */
const keptForMs = 24 * 60 * 60 * 1000;

export interface Swept {
  readonly uploads: number;
  readonly blobs: number;
  readonly buckets: number;
}

/**
 * Removes what no request can reach any more: uploads and unreferenced blobs, those of deleted repositories included,
 * that are older than a day. For the time after the start, once everything stored has been read: it does not hold up
 * requests, and takes one repository after another while no push to it is being completed.
 *
 * @param signal ends it early
 */
export async function sweep(registries: Registries, signal?: AbortSignal): Promise<Swept> {
  const { blobs, uploads, clock } = registries.own;
  const before = new Date(clock().getTime() - keptForMs);
  const swept = { uploads: await uploads.expire(before), blobs: 0, buckets: 0 };
  const buckets = (await blobs.listBuckets()).filter(isRepositoryBucket);
  // Read after the buckets: whatever made one of them is among these, or was deleted.
  const known = registries
    .all()
    .flatMap(({ repositories }) =>
      repositories.list().map((repository) => ({ repository, repositories })),
    );
  const inUse = new Set(
    known.flatMap(({ repository }) => [layerBucket(repository), manifestBucket(repository)]),
  );
  for (const bucket of buckets.filter((each) => !inUse.has(each))) {
    if (signal?.aborted) return swept;
    const { expired, left } = await blobs.expire(bucket, before, () => false);
    swept.blobs += expired;
    if (left > 0) continue;
    await blobs.dropBucket(bucket);
    swept.buckets += 1;
  }
  for (const { repository, repositories } of known) {
    if (signal?.aborted) return swept;
    swept.blobs += await repositories.alone(repository, async () => {
      const layers = new Set(repository.images.values().flatMap((image) => image.blobs));
      const isLayer = (digest: string) => layers.has(digest);
      const isManifest = (digest: string) => repository.images.get(digest) !== undefined;
      const ofLayers = await blobs.expire(layerBucket(repository), before, isLayer);
      const ofManifests = await blobs.expire(manifestBucket(repository), before, isManifest);
      return ofLayers.expired + ofManifests.expired;
    });
  }
  return swept;
}
