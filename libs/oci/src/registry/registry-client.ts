import { Readable } from 'node:stream';
import { type ReadableStream } from 'node:stream/web';
import { type Blob } from '../blob-store';
import { type Manifest, type PushOptions, type PushOutcome } from '../content/content-store';
import { type Digest, digestOf, isDigest } from '../digest';
import { type Descriptor, MEDIA_TYPE, parseManifest } from '../manifest';
import { type BlobContent, requireComplete, verified } from './blob-content';
import { BlobMounts, type MountSources } from './blob-mounts';
import { BlobUpload, type ChunkSupport } from './blob-upload';
import { RegistryError } from './registry-error';
import {
  DEFAULT_RETRY,
  Retries,
  type RetryEvent,
  type RetryOptions,
  type RetryPolicy,
  withRetry,
} from './retry';
import { discard, type RegistryRequest, Transport, type TransportOptions } from './transport';
import { UploadPort } from './upload-session';

export interface RegistryClientOptions extends TransportOptions {
  /** @default 5 retries, up to 0.2 to 8 s apart */
  readonly retry?: RetryPolicy;
  /** Larger blobs are sent in chunks of this size, or of the registry's minimum if that is larger. @default 8 MiB */
  readonly chunkBytes?: number;
  /** Called before each pause. */
  readonly onRetry?: (event: RetryEvent) => void;
}

const ACCEPT = [
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.dockerList,
  MEDIA_TYPE.dockerManifest,
].join(', ');

const CHUNK_BYTES = 8 * 1024 * 1024;

/** State that all views of a client share. */
interface Shared {
  readonly transport: Transport;
  readonly chunks: ChunkSupport;
  readonly mounts: BlobMounts;
}

/**
 * The OCI distribution protocol; https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md
 * Every method may throw a RegistryError. 429, 5xx, lost and idle connections are retried.
 */
export class RegistryClient {
  readonly host: string;
  private readonly retry: RetryOptions;

  /** @param shared For `observed`. */
  constructor(
    private readonly options: RegistryClientOptions,
    private readonly shared: Shared = {
      transport: new Transport(options),
      chunks: { supported: true },
      mounts: new BlobMounts(),
    },
    signal?: AbortSignal,
  ) {
    this.host = options.host;
    const { retry: policy = DEFAULT_RETRY, onRetry } = options;
    this.retry = { policy, onRetry, signal };
  }

  /** A view of the same client for one task: also reports its retries to `onRetry`, and ends its requests by the signal. */
  observed({ onRetry, signal }: Partial<Omit<RetryOptions, 'policy'>>): RegistryClient {
    const both = (event: RetryEvent) => {
      this.retry.onRetry?.(event);
      onRetry?.(event);
    };
    return new RegistryClient(
      { ...this.options, onRetry: both },
      this.shared,
      signal ?? this.retry.signal,
    );
  }

  /** Returns if a registry responds, with or without authorization. @throws RegistryError `UNREACHABLE` */
  async ping(timeoutMs: number): Promise<void> {
    await this.shared.transport.ping(timeoutMs);
  }

  /** undefined if the manifest or the repository does not exist: HEAD does not distinguish them. */
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
    // The header is optional in the specification.
    if (!digest || !isDigest(digest))
      return (await this.getManifest(repository, reference)).descriptor;
    return {
      mediaType: mediaTypeOf(response),
      digest,
      size: Number(response.headers.get('content-length') ?? 0),
    };
  }

  async getManifest(repository: string, reference: string): Promise<Manifest> {
    const path = `manifests/${reference}`;
    const request = { repository, path, headers: { accept: ACCEPT }, expect: [200] };
    const { response, bytes } = await this.read(request);
    const digest = digestOf(bytes);
    this.requireDigest(repository, isDigest(reference) ? reference : digest, digest);
    return { bytes, descriptor: { mediaType: mediaTypeOf(response), digest, size: bytes.length } };
  }

  /** @returns `listed`: the registry lists the manifest among the referrers of its subject itself (`OCI-Subject`). */
  async putManifest(
    repository: string,
    reference: string,
    mediaType: string,
    bytes: Uint8Array,
  ): Promise<{ readonly digest: Digest; readonly listed: boolean }> {
    const digest = digestOf(bytes);
    const { headers } = await this.send({
      method: 'PUT',
      repository,
      path: `manifests/${reference}`,
      headers: { 'content-type': mediaType },
      body: bytes,
      expect: [200, 201, 202],
    });
    this.requireDigest(repository, digest, headers.get('docker-content-digest') ?? digest);
    return { digest, listed: headers.has('oci-subject') };
  }

  /**
   * undefined if the registry has no referrers API. It may ignore the artifact type.
   * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers
   */
  async getReferrers(
    repository: string,
    digest: Digest,
    artifactType?: string,
  ): Promise<readonly Descriptor[] | undefined> {
    const query = artifactType ? `?${new URLSearchParams({ artifactType })}` : '';
    const found: Descriptor[] = [];
    let path: string | URL | undefined = `referrers/${digest}${query}`;
    while (path !== undefined) {
      const request: RegistryRequest = { repository, path, expect: [200, 400, 404, 405] };
      const { response, bytes } = await this.read(request);
      if (response.status !== 200) return undefined;
      const page = parseManifest(bytes)?.content.manifests;
      if (!page) return undefined;
      found.push(...page);
      const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1];
      path = next === undefined ? undefined : this.shared.transport.resolve(next);
    }
    return found;
  }

  async hasBlob(repository: string, digest: Digest): Promise<boolean> {
    return withRetry(this.retry, () => this.port(repository).exists(digest));
  }

  /** The stream fails with `DIGEST_MISMATCH` at its end unless its bytes match the digest. */
  async getBlob(repository: string, blob: Blob): Promise<Readable> {
    const { body } = await this.request({
      repository,
      path: `blobs/${blob.digest}`,
      expect: [200],
    });
    const source = body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]);
    return verified(source, blob, { host: this.host, repository });
  }

  /** Runs a task again after transient errors, such as a stream that breaks off. */
  withRetries<T>(task: () => Promise<T>): Promise<T> {
    return withRetry(this.retry, task);
  }

  /** The first of these repositories that has the blob; unreadable ones are skipped. */
  async findMountSource(
    repository: string,
    digest: Digest,
    mountFrom: readonly string[],
  ): Promise<string | undefined> {
    return this.shared.mounts.find(digest, this.sources(repository, mountFrom));
  }

  /**
   * Puts a blob into a repository unless it is present: by a cross-repository mount if possible, otherwise by an upload.
   * @param source Called only if the blob has to be uploaded.
   */
  async uploadBlob(
    repository: string,
    blob: Blob,
    source: BlobContent | (() => Promise<BlobContent>),
    { mountFrom = [], onStart, onSent }: PushOptions = {},
  ): Promise<PushOutcome> {
    const port = this.port(repository);
    if (await this.hasBlob(repository, blob.digest)) return 'present';
    const { chunks, mounts } = this.shared;
    const sources = this.sources(repository, mountFrom);
    const session = await withRetry(this.retry, () => mounts.mount(port, blob.digest, sources));
    if (session === 'mounted') return 'mounted';
    const content = typeof source === 'function' ? await source() : source;
    await requireComplete(content, blob);
    onStart?.();
    const { chunkBytes = CHUNK_BYTES } = this.options;
    const upload = { blob, source: content, session, chunkBytes, onSent };
    await new BlobUpload(port, upload, new Retries(this.retry), chunks).run();
    return 'uploaded';
  }

  private sources(to: string, from: readonly string[]): MountSources {
    return { to, from, has: (repository, digest) => this.hasBlob(repository, digest) };
  }

  private port(repository: string): UploadPort {
    return new UploadPort(this.shared.transport, repository, this.retry.signal);
  }

  private async send(request: RegistryRequest): Promise<Response> {
    const response = await this.request(request);
    await discard(response);
    return response;
  }

  private request(request: RegistryRequest): Promise<Response> {
    const { signal } = this.retry;
    return withRetry(this.retry, () => this.shared.transport.send({ signal, ...request }));
  }

  private read(request: RegistryRequest): Promise<{ response: Response; bytes: Buffer }> {
    const { signal } = this.retry;
    return withRetry(this.retry, async () => {
      const response = await this.shared.transport.send({ signal, ...request });
      return { response, bytes: Buffer.from(await response.arrayBuffer()) };
    });
  }

  private requireDigest(repository: string, expected: string, found: string): void {
    if (expected === found) return;
    const problem = `the registry returned ${found} instead of ${expected}.`;
    throw new RegistryError('DIGEST_MISMATCH', problem, { host: this.host, repository });
  }
}

function mediaTypeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
}
