import { type Clock } from '../clock';
import { keptForMs } from '../storage/protected-blobs';
import { type Storage } from '../storage/storage';
import { dayMs } from './lifecycle';
import { type Registries } from './registries';
import { isRepositoryBucket, layerBucket, manifestBucket } from './repository';

export interface Swept {
  readonly uploads: number;
  readonly blobs: number;
  readonly buckets: number;
}

/**
 * Removes what no request can reach any more: uploads and unreferenced blobs, those of deleted repositories included,
 * that were written before a date. Once everything stored has been read, it may run at any time: it takes one repository
 * after another while no push to it is being completed.
 *
 * @param before by the clock of the storage
 * @param signal ends it early
 */
export async function sweep(
  registries: Registries,
  before: Date,
  signal?: AbortSignal,
): Promise<Swept> {
  const { blobs, uploads } = registries.own;
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

export interface Sweeps {
  /** Sweeps if a day has passed since the last time; resolves when it is done. Does not fail. */
  runDue(): Promise<void>;
  /** Ends the one that is running. */
  close(): Promise<void>;
}

/**
 * A sweep at the start, and one each day of the clock. What it removes is a day old by the clock of the storage, so that
 * pushes go on while a request moves the other one.
 */
export function startSweeps(deps: {
  readonly registries: Registries;
  readonly storage: Pick<Storage, 'clock'>;
  readonly clock: Clock;
  readonly onSwept: (swept: Swept) => void;
  readonly onFailure: (error: unknown) => void;
}): Sweeps {
  const { registries, storage, clock, onSwept, onFailure } = deps;
  const closing = new AbortController();
  let last: number | undefined;
  const sweepIfDue = async () => {
    const now = clock().getTime();
    if (closing.signal.aborted || (last !== undefined && now < last + dayMs)) return;
    last = now;
    const before = new Date(storage.clock().getTime() - keptForMs);
    onSwept(await sweep(registries, before, closing.signal));
  };
  let running: Promise<void> = Promise.resolve();
  const runDue = () => (running = running.then(sweepIfDue).catch(onFailure));
  void runDue();
  return {
    runDue,
    close: () => {
      closing.abort();
      return running;
    },
  };
}
