import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Clock, systemClock } from '../../clock';
import { type Storage } from '../storage';
import { type DocumentStore } from '../document-store';
import { type BlobStore, type StoredBlob, type UploadStore } from '../blob-store';
import { algorithmOf, digestOf } from '../digest';
import { type LogStore } from '../log-store';
import { createKeyedMutex } from '../keyed-mutex';

/** For tests: gone with the process. */
export function createMemoryStorage(clock: Clock = systemClock): Storage {
  return {
    documents: createMemoryDocuments(),
    logs: createMemoryLogs(),
    ...createMemoryBlobs(clock),
    clock,
    tokenSecret: randomBytes(32),
    close: () => Promise.resolve(),
  };
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Documents are kept as JSON text, so that no caller shares an object with the store. */
export function createMemoryDocuments(): DocumentStore {
  const collections = new Map<string, Map<string, string>>();
  const collection = (name: string) => {
    const existing = collections.get(name) ?? new Map<string, string>();
    collections.set(name, existing);
    return existing;
  };
  return {
    get: async (name, key) => {
      const text = collection(name).get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    put: async (name, key, document) => {
      collection(name).set(key, JSON.stringify(document));
    },
    delete: async (name, key) => collection(name).delete(key),
    list: async (name) =>
      [...collection(name)]
        .map(([key, text]) => ({
          key,
          document: JSON.parse(text) as unknown,
          source: `'${key}' in '${name}'`,
        }))
        .sort((a, b) => byCodeUnit(a.key, b.key)),
    sweep: () => Promise.resolve(),
  };
}

function createMemoryLogs(): LogStore {
  const logs = new Map<string, string[]>();
  return {
    load: async () =>
      [...logs].map(([key, lines]) => ({
        key,
        records: lines.map((line) => JSON.parse(line) as unknown),
        source: `the log '${key}'`,
      })),
    append: async (key, records) => {
      const log = logs.get(key);
      if (!log) throw new Error(`There is no log ${key}.`);
      for (const record of records) log.push(JSON.stringify(record));
    },
    replace: async (key, batches) => {
      const records = [...batches].flat();
      logs.set(
        key,
        records.map((record) => JSON.stringify(record)),
      );
    },
    delete: async (key) => {
      logs.delete(key);
    },
    sweep: () => Promise.resolve(),
  };
}

interface Kept {
  readonly bytes: Buffer;
  readonly writtenAt: Date;
}

/** Its parts are joined once, at its end: a layer arrives in thousands of them. */
interface Pending {
  readonly parts: Buffer[];
  size: number;
  writtenAt: Date;
}

const described = (digest: string, { bytes, writtenAt }: Kept): StoredBlob => ({
  digest,
  size: bytes.length,
  writtenAt,
});

function createMemoryBlobs(clock: Clock): { blobs: BlobStore; uploads: UploadStore } {
  const buckets = new Map<string, Map<string, Kept>>();
  const bucketOf = (name: string) => buckets.get(name) ?? new Map<string, Kept>();
  const keep = (bucket: string, digest: string, bytes: Buffer) => {
    buckets.set(bucket, bucketOf(bucket).set(digest, { bytes, writtenAt: clock() }));
  };

  const blobs: BlobStore = {
    stat: async (bucket, digest) => {
      const kept = bucketOf(bucket).get(digest);
      return kept && described(digest, kept);
    },
    open: async (bucket, digest) => {
      const kept = bucketOf(bucket).get(digest);
      return (
        kept && {
          ...described(digest, kept),
          readInto: async (buffer, position) => {
            const part = kept.bytes.subarray(position, position + buffer.length);
            buffer.set(part);
            return part.length;
          },
          close: () => undefined,
        }
      );
    },
    read: async (bucket, digest, range) => {
      const kept = bucketOf(bucket).get(digest);
      if (!kept) throw new Error(`There is no blob ${digest} in ${bucket}.`);
      return Readable.from([range ? kept.bytes.subarray(range.start, range.end + 1) : kept.bytes]);
    },
    put: async (bucket, digest, bytes) => keep(bucket, digest, Buffer.from(bytes)),
    list: async (bucket) =>
      [...bucketOf(bucket)].map(([digest, { bytes }]) => ({ digest, size: bytes.length })),
    expire: async (bucket, before, isKept) => {
      const held = bucketOf(bucket);
      const old = [...held].filter(
        ([digest, { writtenAt }]) => writtenAt < before && !isKept(digest),
      );
      for (const [digest] of old) held.delete(digest);
      return { expired: old.length, left: held.size };
    },
    listBuckets: async () => [...buckets.keys()].sort(),
    dropBucket: async (bucket) => {
      buckets.delete(bucket);
    },
  };
  return { blobs, uploads: createMemoryUploads(clock, keep) };
}

function createMemoryUploads(
  clock: Clock,
  keep: (bucket: string, digest: string, bytes: Buffer) => void,
): UploadStore {
  const pending = new Map<string, Pending>();
  const inTurn = createKeyedMutex();
  const keyOf = (bucket: string, uploadId: string) => `${bucket}/${uploadId}`;
  return {
    begin: async (bucket) => {
      const uploadId = randomUUID();
      pending.set(keyOf(bucket, uploadId), { parts: [], size: 0, writtenAt: clock() });
      return uploadId;
    },
    size: async (bucket, uploadId) => pending.get(keyOf(bucket, uploadId))?.size,
    append: (bucket, uploadId, offset, bytes) =>
      inTurn(keyOf(bucket, uploadId), async () => {
        const upload = pending.get(keyOf(bucket, uploadId));
        if (!upload) return undefined;
        if (offset !== undefined && offset !== upload.size) return 'out-of-order';
        for await (const chunk of bytes) {
          upload.parts.push(Buffer.from(chunk));
          upload.size += chunk.length;
          upload.writtenAt = clock();
        }
        return upload.size;
      }),
    commit: (bucket, uploadId, digest) =>
      inTurn(keyOf(bucket, uploadId), async () => {
        const upload = pending.get(keyOf(bucket, uploadId));
        if (!upload) return 'unknown-upload';
        pending.delete(keyOf(bucket, uploadId));
        const bytes = Buffer.concat(upload.parts);
        if (digestOf(bytes, algorithmOf(digest)) !== digest) return 'digest-mismatch';
        keep(bucket, digest, bytes);
        return 'stored';
      }),
    cancel: async (bucket, uploadId) => pending.delete(keyOf(bucket, uploadId)),
    list: async () =>
      [...pending].map(([key, { size }]) => {
        const [bucket = '', uploadId = ''] = key.split('/');
        return { bucket, uploadId, size };
      }),
    expire: async (before) => {
      const old = [...pending].filter(([, { writtenAt }]) => writtenAt < before);
      for (const [key] of old) pending.delete(key);
      return old.length;
    },
  };
}
