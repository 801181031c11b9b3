import { createHash } from 'node:crypto';
import { type Blob } from '../blob-store';
import { type Digest } from '../digest';
import { OciError } from '../errors';
import { type BlobContent, partOf, type RequestBody } from './request-body';
import { RegistryError } from './registry-error';
import { isTransient, type Retries } from './retry';
import { type UploadPort, type UploadSession } from './upload-session';

export interface BlobUploadRequest {
  readonly blob: Blob;
  readonly source: BlobContent;
  /** An upload that the registry has begun. */
  readonly session?: UploadSession;
  readonly chunkBytes: number;
  /** Bytes of the blob that have been sent; fewer than before when it has to start anew. */
  readonly onSent?: (bytes: number) => void;
}

/** Whether a registry takes chunks, as far as has shown itself. */
export interface ChunkSupport {
  supported: boolean;
}

/**
 * One blob on its way: whole when it is small, else in chunks, each of which stands once it is there. After a fault it goes on
 * from what the registry says it has; from the start when the registry knows nothing of it.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-blobs
 */
export class BlobUpload {
  private session: UploadSession | undefined;
  private chunked: boolean;
  private refused = false;
  private step: number;
  private furthest = 0;
  /** What the last fault has left unclear: how far the upload is, or whether there is one. */
  private doubt: 'none' | 'progress' | 'existence' = 'none';

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

  /** @throws RegistryError; OciError `DIGEST_MISMATCH` when the source is damaged */
  async run(): Promise<void> {
    try {
      await this.persist();
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  private async persist(): Promise<void> {
    for (;;) {
      try {
        return await this.attempt();
      } catch (error) {
        await this.prepareNext(error);
      }
    }
  }

  private async attempt(): Promise<void> {
    if (await this.standsAfterAll()) return;
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

  /** Further than before: what fails next is another fault. */
  private reached(session: UploadSession): void {
    this.session = session;
    if (session.offset > this.furthest) this.retries.startOver();
    this.furthest = Math.max(this.furthest, session.offset);
  }

  /** Clears a doubt: goes on where the registry is; an upload whose answer was lost may be over. */
  private async standsAfterAll(): Promise<boolean> {
    const { session, doubt } = this;
    if (doubt === 'none' || !session) return false;
    const known =
      doubt === 'progress' && this.chunked ? await this.port.status(session) : undefined;
    if (known && known.offset <= this.request.blob.size) {
      this.reached(known);
    } else {
      if (await this.port.stands(this.request.blob.digest)) return true;
      await this.abandon();
      this.request.onSent?.(0);
      this.chunked = this.wantsChunks();
    }
    this.doubt = 'none';
    return false;
  }

  /** Returns when the next attempt may be made. @throws the error when there is none */
  private async prepareNext(error: unknown): Promise<void> {
    if (!(error instanceof RegistryError)) throw error;
    if (isTransient(error)) {
      // Of a slow network the kernel hides how far it is: smaller chunks are answered sooner.
      if (error.code === 'TIMEOUT') this.step = Math.min(this.step, smaller(this.step));
      this.doubt = 'progress';
      await this.retries.after(error);
    } else if (this.refusesChunks(error)) {
      this.refused = true;
      this.chunked = false;
      await this.abandon();
    } else {
      if (!isLostUpload(error)) throw error;
      if (error.code === 'DIGEST_INVALID') await this.requireUndamaged();
      this.doubt = 'existence';
      await this.retries.afterLoss(error);
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

  /** The first chunk is refused, and not because of what is in it. */
  private refusesChunks({ status = 0, code }: RegistryError): boolean {
    if (!this.chunked || this.session?.offset !== 0) return false;
    if ([401, 403, 413, 507].includes(status) || code === 'OUT_OF_SPACE') return false;
    if ([405, 501].includes(status)) this.chunks.supported = false;
    return true;
  }

  private async requireUndamaged(): Promise<void> {
    const { blob, source } = this.request;
    const hash = createHash('sha256');
    for await (const piece of this.part(0, blob.size).open()) hash.update(piece);
    const found: Digest = `sha256:${hash.digest('hex')}`;
    if (found === blob.digest) return;
    const where = typeof source === 'string' ? source : 'What is given';
    throw new OciError(
      'DIGEST_MISMATCH',
      `${where} should be ${blob.digest} but is ${found}: it is damaged. Remove it and build again.`,
    );
  }

  private part(start: number, end: number): RequestBody {
    return partOf(this.request.source, start, end);
  }

  private sentFrom(offset: number): (bytes: number) => void {
    return (bytes) => this.request.onSent?.(offset + bytes);
  }
}

const LEAST_CHUNK = 256 * 1024;

function smaller(step: number): number {
  return Math.max(LEAST_CHUNK, Math.floor(step / 4));
}

const LOST: readonly string[] = [
  'BLOB_UPLOAD_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'DIGEST_INVALID',
  'NOT_FOUND',
  'RANGE_INVALID',
];

/** The registry has dropped the upload, or holds other bytes than it should. */
function isLostUpload({ status, code }: RegistryError): boolean {
  return status === 416 || LOST.includes(code);
}
