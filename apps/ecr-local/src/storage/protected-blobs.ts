import { type BlobStore, type UploadStore } from './blob-store';
import { createSharedLock } from './shared-lock';
import { type Storage } from './storage';

/** How long a blob without an image is kept: long enough for any push that is still going on. */
export const keptForMs = 24 * 60 * 60 * 1000;

/** A blob of an age up to this stays as long again, without being remembered. */
const youngForMs = keptForMs / 2;

/**
 * The blobs and uploads of a storage, from which `expire` does not remove what a push needs: a client that was told that an
 * old blob is present does not send it, and refers to it in a manifest later.
 */
export function protectBlobs({
  blobs,
  uploads,
  clock,
}: Pick<Storage, 'blobs' | 'uploads' | 'clock'>): {
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
} {
  const lock = createSharedLock();
  /** By bucket and digest: when a client has last learned of an old blob. */
  const needed = new Map<string, Map<string, number>>();

  const statInBucket: BlobStore['stat'] = async (bucket, digest) => {
    const blob = await blobs.stat(bucket, digest);
    const now = clock().getTime();
    if (blob && blob.writtenAt.getTime() < now - youngForMs) {
      const ofBucket = needed.get(bucket) ?? new Map<string, number>();
      needed.set(bucket, ofBucket.set(digest, now));
    }
    return blob;
  };
  const forget = (bucket: string, before: Date) => {
    const ofBucket = needed.get(bucket);
    for (const [digest, at] of ofBucket ?? []) {
      if (at < before.getTime()) ofBucket?.delete(digest);
    }
    if (ofBucket?.size === 0) needed.delete(bucket);
  };
  return {
    blobs: {
      ...blobs,
      stat: (bucket, digest) => lock.shared(bucket, () => statInBucket(bucket, digest)),
      put: (bucket, digest, bytes) => lock.shared(bucket, () => blobs.put(bucket, digest, bytes)),
      expire: (bucket, before, isKept) =>
        lock.alone(bucket, async () => {
          forget(bucket, before);
          const isNeeded = (digest: string) => needed.get(bucket)?.has(digest) ?? false;
          return blobs.expire(bucket, before, (digest) => isKept(digest) || isNeeded(digest));
        }),
      dropBucket: async (bucket) => {
        needed.delete(bucket);
        await blobs.dropBucket(bucket);
      },
    },
    uploads: {
      ...uploads,
      commit: (bucket, uploadId, digest) =>
        lock.shared(bucket, async () => {
          const result = await uploads.commit(bucket, uploadId, digest);
          // The last byte may have arrived long ago.
          if (result === 'stored') await statInBucket(bucket, digest);
          return result;
        }),
    },
  };
}
