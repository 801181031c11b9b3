import { type Readable } from 'node:stream';

/** Inclusive, as in an HTTP Content-Range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface StoredBlob {
  readonly digest: string;
  readonly size: number;
  /** When its last byte was written. */
  readonly writtenAt: Date;
}

/** A blob that is being read. Its bytes stay readable if it is deleted meanwhile. Close it. */
export interface OpenBlob extends StoredBlob {
  /** Fills the buffer with the bytes from this position on, as far as there are any; resolves with how many. */
  readInto(buffer: Uint8Array, position: number): Promise<number>;
  close(): void;
}

/** Bytes by their digest (`sha256:<64 hex>` or `sha512:<128 hex>`), in buckets (`[a-z0-9-]+`): a bucket is dropped as one. */
export interface BlobStore {
  /** A blob whose bytes are not those of its digest any more is missing: whoever has them may push them again. */
  stat(bucket: string, digest: string): Promise<StoredBlob | undefined>;
  /** As `stat`, and ready to be read. */
  open(bucket: string, digest: string): Promise<OpenBlob | undefined>;
  /** The bytes, or those of the range, which must lie within the blob. A missing blob is an error, so `stat` it before. */
  read(bucket: string, digest: string, range?: ByteRange): Promise<Readable>;
  /** Stores bytes that are at hand; durable once resolved. */
  put(bucket: string, digest: string, bytes: Uint8Array): Promise<void>;
  /** Those that are damaged too: none is read. */
  list(bucket: string): Promise<Pick<StoredBlob, 'digest' | 'size'>[]>;
  /** Deletes the blobs that were written before the date and are not to be kept; answers how many, and how many are left. */
  expire(
    bucket: string,
    before: Date,
    isKept: (digest: string) => boolean,
  ): Promise<{ readonly expired: number; readonly left: number }>;
  listBuckets(): Promise<string[]>;
  dropBucket(bucket: string): Promise<void>;
}

/** Bytes that arrived of an upload that is not over. */
export interface StoredUpload {
  readonly bucket: string;
  readonly uploadId: string;
  readonly size: number;
}

export type CommitResult = 'stored' | 'digest-mismatch' | 'unknown-upload';

/**
 * Bytes on their way into a bucket. An upload is known by an unguessable id and survives a restart. What `append` and
 * `commit` have answered is durable; only an upload without any bytes may be unknown after a power cut. The calls for one upload run one after another.
 */
export interface UploadStore {
  begin(bucket: string): Promise<string>;
  /** Bytes received, or undefined if the bucket has no such upload. */
  size(bucket: string, uploadId: string): Promise<number | undefined>;
  /**
   * Adds the bytes if the upload holds exactly `offset` bytes, and answers how many it holds after. What arrived before a source
   * failed stays. `undefined`: no such upload. `'out-of-order'`: the offset is another; nothing was read.
   */
  append(
    bucket: string,
    uploadId: string,
    offset: number | undefined,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<number | 'out-of-order' | undefined>;
  /** Makes the upload a blob if its bytes have this digest. Either way the upload is over. */
  commit(bucket: string, uploadId: string, digest: string): Promise<CommitResult>;
  /** Whether there was such an upload. */
  cancel(bucket: string, uploadId: string): Promise<boolean>;
  /** Of all buckets, those of earlier processes too. */
  list(): Promise<StoredUpload[]>;
  /** Drops the uploads that were last written to before this date; answers how many. */
  expire(before: Date): Promise<number>;
}
