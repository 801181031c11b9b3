import { EcrError } from '../errors/ecr-error';
import { type BlobStore, type UploadStore } from './blob-store';
import { type Storage } from './storage';

/** Content was rejected, because the storage would have had more bytes than its limit. Nothing of it was kept. */
export class DiskLimitError extends EcrError {
  constructor(limit: number) {
    super(
      'LimitExceededException',
      `The disk limit of ecr-local is reached: ${limit} bytes of layers and manifests. ` +
        'Delete repositories, or start it with a higher --disk-limit.',
    );
  }
}

export interface LimitedStorage extends Storage {
  /** Bytes of layers, manifests and uploads. */
  readonly usedBytes: () => number;
}

/** A storage that rejects layers and manifests beyond a number of bytes. Documents and logs do not count. */
export async function limitStorage(storage: Storage, limit: number): Promise<LimitedStorage> {
  const usage = new Usage(limit);
  for (const bucket of await storage.blobs.listBuckets()) {
    for (const { digest, size } of await storage.blobs.list(bucket)) {
      usage.set(bucket, digest, size);
    }
  }
  for (const { bucket, uploadId, size } of await storage.uploads.list()) {
    usage.set(uploadsOf(bucket), uploadId, size);
  }
  return {
    ...storage,
    blobs: limitBlobs(storage.blobs, usage),
    uploads: limitUploads(storage.uploads, usage),
    usedBytes: () => usage.bytes,
  };
}

/** Sizes by bucket and digest; an upload is in a bucket of its own until it is complete. */
class Usage {
  private readonly buckets = new Map<string, Map<string, number>>();
  private total = 0;

  constructor(private readonly limit: number) {}

  get bytes(): number {
    return this.total;
  }

  sizeOf(bucket: string, name: string): number {
    return this.buckets.get(bucket)?.get(name) ?? 0;
  }

  /** @throws DiskLimitError if so many bytes more would be too many */
  claim(bytes: number): void {
    if (this.total + bytes > this.limit) throw new DiskLimitError(this.limit);
  }

  set(bucket: string, name: string, size: number): void {
    const sizes = this.buckets.get(bucket) ?? new Map<string, number>();
    this.buckets.set(bucket, sizes);
    this.total += size - (sizes.get(name) ?? 0);
    sizes.set(name, size);
  }

  remove(bucket: string, name: string): void {
    this.total -= this.sizeOf(bucket, name);
    this.buckets.get(bucket)?.delete(name);
  }

  keepOnly(bucket: string, names: ReadonlySet<string>): void {
    for (const name of this.buckets.get(bucket)?.keys() ?? []) {
      if (!names.has(name)) this.remove(bucket, name);
    }
  }
}

function limitBlobs(blobs: BlobStore, usage: Usage): BlobStore {
  return {
    ...blobs,
    put: async (bucket, digest, bytes) => {
      usage.claim(bytes.length - usage.sizeOf(bucket, digest));
      await blobs.put(bucket, digest, bytes);
      usage.set(bucket, digest, bytes.length);
    },
    expire: async (bucket, before, isKept) => {
      const result = await blobs.expire(bucket, before, isKept);
      if (result.expired > 0) {
        const left = await blobs.list(bucket);
        usage.keepOnly(bucket, new Set(left.map(({ digest }) => digest)));
      }
      return result;
    },
    dropBucket: async (bucket) => {
      await blobs.dropBucket(bucket);
      usage.keepOnly(bucket, new Set());
    },
  };
}

/** No bucket of blobs has such a name. */
const uploadsOf = (bucket: string) => `uploads of ${bucket}`;

function limitUploads(uploads: UploadStore, usage: Usage): UploadStore {
  async function* counted(
    bucket: string,
    uploadId: string,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ) {
    for await (const chunk of bytes) {
      usage.claim(chunk.length);
      const before = usage.sizeOf(uploadsOf(bucket), uploadId);
      usage.set(uploadsOf(bucket), uploadId, before + chunk.length);
      yield chunk;
    }
  }
  const cancel: UploadStore['cancel'] = async (bucket, uploadId) => {
    const cancelled = await uploads.cancel(bucket, uploadId);
    usage.remove(uploadsOf(bucket), uploadId);
    return cancelled;
  };
  return {
    ...uploads,
    append: async (bucket, uploadId, offset, bytes) => {
      try {
        return await uploads.append(bucket, uploadId, offset, counted(bucket, uploadId, bytes));
      } catch (error) {
        // What has arrived would take the room of others until the next start.
        if (error instanceof DiskLimitError) await cancel(bucket, uploadId);
        throw error;
      }
    },
    commit: async (bucket, uploadId, digest) => {
      const size = await uploads.size(bucket, uploadId);
      const result = await uploads.commit(bucket, uploadId, digest);
      usage.remove(uploadsOf(bucket), uploadId);
      if (result === 'stored') usage.set(bucket, digest, size ?? 0);
      return result;
    },
    cancel,
    expire: async (before) => {
      const former = await uploads.list();
      const expired = await uploads.expire(before);
      for (const { bucket, uploadId } of former) {
        const size = await uploads.size(bucket, uploadId);
        if (size === undefined) usage.remove(uploadsOf(bucket), uploadId);
      }
      return expired;
    },
  };
}
