import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { type ReadableStream } from 'node:stream/web';
import { type Blob } from '../blob-store';
import { type Digest, digestOf, isDigest } from '../digest';
import { type Descriptor, MEDIA_TYPE } from '../manifest';
import { RegistryError } from './registry-error';
import { DEFAULT_RETRY, type RetryPolicy, withRetry } from './retry';
import { type RegistryRequest, Transport, type TransportOptions, unreachable } from './transport';
import { verified } from './verified-stream';

export interface RegistryClientOptions extends TransportOptions {
  /** @default 4 retries, 200 ms to 5 s apart */
  readonly retry?: RetryPolicy;
}

export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

const ACCEPT = [
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.dockerList,
  MEDIA_TYPE.dockerManifest,
].join(', ');

/**
 * The OCI distribution protocol; https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md
 * Every method may throw a RegistryError. 429, 5xx and lost connections are tried again.
 */
export class RegistryClient {
  readonly host: string;
  private readonly transport: Transport;
  private readonly retry: RetryPolicy;

  constructor(options: RegistryClientOptions) {
    this.host = options.host;
    this.transport = new Transport(options);
    this.retry = options.retry ?? DEFAULT_RETRY;
  }

  /** Whether a registry answers at all, with or without a login. @throws RegistryError `UNREACHABLE` */
  async ping(timeoutMs: number): Promise<void> {
    await this.transport.ping(timeoutMs);
  }

  /** undefined when the registry has no such manifest (or no such repository: HEAD cannot tell them apart). */
  async headManifest(repository: string, reference: string): Promise<Descriptor | undefined> {
    const response = await this.send({
      method: 'HEAD',
      repository,
      path: `manifests/${reference}`,
      headers: { accept: ACCEPT },
      expect: [200, 404],
    });
    if (response.status === 404) return undefined;
    const digest = response.headers.get('docker-content-digest');
    // The header is optional in the specification; without it the bytes tell.
    if (!digest || !isDigest(digest))
      return (await this.getManifest(repository, reference)).descriptor;
    return {
      mediaType: response.headers.get('content-type') ?? '',
      digest,
      size: Number(response.headers.get('content-length') ?? 0),
    };
  }

  async getManifest(repository: string, reference: string): Promise<FetchedManifest> {
    return withRetry(this.retry, async () => {
      const response = await this.transport.send({
        repository,
        path: `manifests/${reference}`,
        headers: { accept: ACCEPT },
        expect: [200],
      });
      const bytes = await this.bytesOf(response);
      const digest = digestOf(bytes);
      this.requireDigest(repository, isDigest(reference) ? reference : digest, digest);
      const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
      return { bytes, descriptor: { mediaType, digest, size: bytes.length } };
    });
  }

  async putManifest(
    repository: string,
    reference: string,
    mediaType: string,
    bytes: Uint8Array,
  ): Promise<Digest> {
    const digest = digestOf(bytes);
    const response = await this.send({
      method: 'PUT',
      repository,
      path: `manifests/${reference}`,
      headers: { 'content-type': mediaType },
      body: () => Buffer.from(bytes),
      expect: [200, 201, 202],
    });
    this.requireDigest(repository, digest, response.headers.get('docker-content-digest') ?? digest);
    return digest;
  }

  async hasBlob(repository: string, digest: Digest): Promise<boolean> {
    const { status } = await this.send({
      method: 'HEAD',
      repository,
      path: `blobs/${digest}`,
      expect: [200, 404],
    });
    return status === 200;
  }

  /** The stream fails with `DIGEST_MISMATCH` at its end unless the bytes are what the descriptor says. */
  async getBlob(repository: string, blob: Blob): Promise<Readable> {
    const { body } = await this.send({ repository, path: `blobs/${blob.digest}`, expect: [200] });
    const source = body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]);
    return verified(source, blob, { host: this.host, repository });
  }

  /** Uploads a file unless the registry has it. */
  async uploadBlob(repository: string, blob: Blob, file: string): Promise<'uploaded' | 'present'> {
    if (await this.hasBlob(repository, blob.digest)) return 'present';
    // An upload that broke off cannot be taken up again everywhere: each attempt starts its own.
    await withRetry(this.retry, () => this.uploadOnce(repository, blob, file));
    return 'uploaded';
  }

  private async uploadOnce(
    repository: string,
    { digest, size }: Blob,
    file: string,
  ): Promise<void> {
    const started = await this.transport.send({
      method: 'POST',
      repository,
      path: 'blobs/uploads/',
      headers: { 'content-length': '0' },
      expect: [202],
    });
    const location = started.headers.get('location');
    if (!location) {
      throw new RegistryError('UNEXPECTED', 'it started an upload without a Location.', {
        host: this.host,
        repository,
        status: started.status,
      });
    }
    const target = this.transport.resolve(location);
    target.searchParams.set('digest', digest);
    await this.transport.send({
      method: 'PUT',
      repository,
      path: target,
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
      body: () => Readable.toWeb(createReadStream(file)),
      expect: [201, 204],
    });
  }

  private send(request: RegistryRequest): Promise<Response> {
    return withRetry(this.retry, () => this.transport.send(request));
  }

  private async bytesOf(response: Response): Promise<Buffer> {
    try {
      return Buffer.from(await response.arrayBuffer());
    } catch (error) {
      throw unreachable(this.host, error);
    }
  }

  private requireDigest(repository: string, expected: string, found: string): void {
    if (expected === found) return;
    throw new RegistryError('DIGEST_MISMATCH', `it answered ${found} instead of ${expected}.`, {
      host: this.host,
      repository,
    });
  }
}
