import { type Blob } from '../blob-store';
import { digestOfStream } from '../digest';
import { OciError } from '../errors';
import { type BlobContent, nameOf, partOf, type RequestBody } from './blob-content';
import { RegistryError } from './registry-error';
import { isTransient, type Retries } from './retry';
import { type UploadPort, type UploadSession } from './upload-session';

export interface BlobUploadRequest {
  readonly blob: Blob;
  readonly source: BlobContent;
  /** An upload that the registry has started. */
  readonly session?: UploadSession;
  readonly chunkBytes: number;
  /** Bytes of the blob that have been sent; fewer than before if the upload restarts. */
  readonly onSent?: (bytes: number) => void;
}

/** Whether a registry supports chunks, as far as is known. */
export interface ChunkSupport {
  supported: boolean;
}

/**
 * The upload of one blob: whole if it is small, otherwise in chunks. After an error it resumes where the registry is, or restarts
 * if the registry does not know the upload any more.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-blobs
 */
export class BlobUpload {
  private session: UploadSession | undefined;
  private chunked: boolean;
  /** Whether the registry does not take this blob in chunks. */
  private refused = false;
  private step: number;
  private furthest = 0;
  /** What is unknown after an error: the progress of the upload, or whether it still exists. */
  private unknown: 'nothing' | 'progress' | 'existence' = 'nothing';

  constructor(
    private readonly port: UploadPort,
    private readonly request: BlobUploadRequest,
    private readonly retries: Retries,
    private readonly chunks: ChunkSupport,
  ) {
    this.session = request.session;
    this.step = request.chunkBytes;
    this.chunked = this.wantsChunks();
  }

  /** @throws RegistryError; OciError `DIGEST_MISMATCH` if the source is damaged */
  async run(): Promise<void> {
    try {
      for (;;) {
        try {
          return await this.attempt();
        } catch (error) {
          await this.prepareNext(error);
        }
      }
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  private async attempt(): Promise<void> {
    if (await this.wasCompleted()) return;
    const { size, digest } = this.request.blob;
    const session = (this.session ??= await this.port.start());
    if (!this.chunked) {
      return this.port.finish(session, digest, this.part(0, size), this.sentFrom(0));
    }
    return this.port.finish(await this.sendChunks(session), digest);
  }

  private async sendChunks(from: UploadSession): Promise<UploadSession> {
    const { size } = this.request.blob;
    const step = Math.max(this.step, from.minChunkBytes);
    let session = from;
    while (session.offset < size) {
      const { offset } = session;
      const body = this.part(offset, Math.min(size, offset + step));
      session = await this.port.append(session, body, this.sentFrom(offset));
      this.reached(session);
    }
    return session;
  }

  private reached(session: UploadSession): void {
    this.session = session;
    if (session.offset > this.furthest) this.retries.reset();
    this.furthest = Math.max(this.furthest, session.offset);
  }

  /** Finds out how far the upload is after an error; it is complete if only the last response was lost. */
  private async wasCompleted(): Promise<boolean> {
    const { session, unknown } = this;
    if (unknown === 'nothing' || !session) return false;
    const current =
      unknown === 'progress' && this.chunked ? await this.port.status(session) : undefined;
    if (current && current.offset <= this.request.blob.size) {
      this.reached(current);
    } else {
      if (await this.port.exists(this.request.blob.digest)) return true;
      await this.abandon();
      this.request.onSent?.(0);
      this.chunked = this.wantsChunks();
    }
    this.unknown = 'nothing';
    return false;
  }

  /** Waits until the next attempt. @throws the error if there is none */
  private async prepareNext(error: unknown): Promise<void> {
    if (!(error instanceof RegistryError)) throw error;
    if (isTransient(error)) {
      // On a slow network the kernel hides the progress of a chunk: smaller ones get a response sooner.
      if (error.code === 'TIMEOUT') this.step = Math.min(this.step, smaller(this.step));
      this.unknown = 'progress';
      await this.retries.after(error);
    } else if (this.refusesChunks(error)) {
      this.refused = true;
      this.chunked = false;
      await this.abandon();
    } else {
      if (!isLostUpload(error)) throw error;
      if (error.code === 'DIGEST_INVALID') {
        await this.requireUndamaged();
        // The registry may have lost a chunk that it accepted.
        this.refused = true;
      }
      this.unknown = 'existence';
      await this.retries.pause(error);
    }
  }

  private wantsChunks(): boolean {
    return this.chunks.supported && !this.refused && this.request.blob.size > this.step;
  }

  private async abandon(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    if (session) await this.port.cancel(session);
  }

  /** The first chunk is refused, and not because of its content. */
  private refusesChunks({ status = 0, code }: RegistryError): boolean {
    if (!this.chunked || this.session?.offset !== 0) return false;
    if ([401, 403, 413, 507].includes(status) || code === 'OUT_OF_SPACE') return false;
    if ([405, 501].includes(status)) this.chunks.supported = false;
    return true;
  }

  private async requireUndamaged(): Promise<void> {
    const { blob, source } = this.request;
    const found = await digestOfStream(this.part(0, blob.size).open());
    if (found === blob.digest) return;
    throw new OciError(
      'DIGEST_MISMATCH',
      `Blob ${blob.digest} is damaged: the digest of ${nameOf(source)} is ${found}.\n` +
        'Fix: remove it and build the image again.',
    );
  }

  private part(start: number, end: number): RequestBody {
    return partOf(this.request.source, start, end);
  }

  private sentFrom(offset: number): (bytes: number) => void {
    return (bytes) => this.request.onSent?.(offset + bytes);
  }
}

const MIN_CHUNK = 256 * 1024;

function smaller(step: number): number {
  return Math.max(MIN_CHUNK, Math.floor(step / 4));
}

const LOST: readonly string[] = [
  'BLOB_UPLOAD_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'DIGEST_INVALID',
  'NOT_FOUND',
  'RANGE_INVALID',
];

/** The registry has dropped the upload, or received other bytes. */
function isLostUpload({ status, code }: RegistryError): boolean {
  return status === 416 || LOST.includes(code);
}
