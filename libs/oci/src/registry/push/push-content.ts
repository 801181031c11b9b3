import { type Digest } from '../../digest';
import { type OciLayout } from '../../layout';
import { type Descriptor } from '../../manifest';
import { concurrently } from '../concurrently';
import { type FetchedManifest, type RegistryClient, type UploadOutcome } from '../registry-client';
import {
  distinctBlobs,
  type ImageContent,
  type ManifestContent,
  readContent,
} from './image-content';
import { type PushedTag, type PushListener } from './push-event';
import { setTags } from './set-tags';

/** Sibling repositories of the same registry that may have a blob; for each blob, or for all. */
export type MountFrom = readonly string[] | ((blob: Descriptor) => readonly string[]);

export interface PushContentRequest {
  readonly layout: OciLayout;
  /** A manifest or an index in the layout. */
  readonly digest: Digest;
  readonly client: RegistryClient;
  readonly repository: string;
  /** Tags that bring the manifest with them; without any it comes by its digest. */
  readonly tags?: readonly string[];
  /** @default none */
  readonly mountFrom?: MountFrom;
  /** The file of a blob that the layout lacks; asked only when the registry lacks it too. */
  readonly fetchMissing?: (blob: Descriptor) => Promise<string>;
  readonly onProgress?: PushListener;
  /** Blobs that are sent at once. @default 4 */
  readonly parallel?: number;
}

export interface PushedContent {
  /** For `setTags`. */
  readonly manifest: FetchedManifest;
  /** Bytes of the blobs that were sent. */
  readonly uploadedBytes: number;
  /** Bytes of the blobs that were taken from a sibling repository. */
  readonly mountedBytes: number;
  /** Bytes of the blobs that the repository had. */
  readonly skippedBytes: number;
  readonly tags: readonly PushedTag[];
}

/**
 * Puts an image into a repository: blobs, each once, then the manifests of an index, then the manifest by its tags. What
 * stands already is not sent again.
 * @throws RegistryError; OciError `IMAGE_MISSING`, `BLOB_MISSING`, `DIGEST_MISMATCH` when the layout lacks a part
 */
export async function pushContent(request: PushContentRequest): Promise<PushedContent> {
  const content = await readContent(request.layout, request.digest);
  return new ContentPush(request, content).run();
}

class ContentPush {
  private readonly bytes: Record<UploadOutcome, number> = { uploaded: 0, mounted: 0, present: 0 };
  private readonly client: RegistryClient;

  constructor(
    private readonly request: PushContentRequest,
    private readonly content: ImageContent,
  ) {
    const { onProgress } = request;
    this.client = request.client.observed({
      onRetry: (event) => onProgress?.({ kind: 'retry', ...event }),
    });
  }

  async run(): Promise<PushedContent> {
    const { top } = this.content;
    const stands = await this.putReferred();
    const tags = await this.putTop(stands);
    this.report(top, stands ? 'present' : 'uploaded');
    const { uploaded, mounted, present } = this.bytes;
    const manifest = { descriptor: top.descriptor, bytes: top.bytes };
    return {
      manifest,
      uploadedBytes: uploaded,
      mountedBytes: mounted,
      skippedBytes: present,
      tags,
    };
  }

  /** All that the top manifest refers to; whether that itself stands, which means that all of it does. */
  private async putReferred(): Promise<boolean> {
    const { top, children } = this.content;
    if (await this.stands(top)) {
      for (const blob of distinctBlobs([top, ...children])) this.done(blob, 'present');
      for (const child of children) this.report(child, 'present');
      return true;
    }
    const missing: ManifestContent[] = [];
    for (const child of children) if (!(await this.stands(child))) missing.push(child);
    const standing = children.filter((child) => !missing.includes(child));
    const held = distinctBlobs(standing);
    for (const blob of held) this.done(blob, 'present');
    const known = new Set(held.map(({ digest }) => digest));
    await this.putBlobs(
      distinctBlobs([top, ...missing]).filter(({ digest }) => !known.has(digest)),
    );
    for (const child of standing) this.report(child, 'present');
    for (const child of missing) {
      await this.putManifest(child);
      this.report(child, 'uploaded');
    }
    return false;
  }

  private async putBlobs(blobs: readonly Descriptor[]): Promise<void> {
    const stop = new AbortController();
    const client = this.client.observed({ signal: stop.signal });
    const { parallel = 4 } = this.request;
    await concurrently(
      blobs,
      parallel,
      async (blob) => this.done(blob, await this.putBlob(client, blob)),
      () => stop.abort(),
    );
  }

  private async putBlob(client: RegistryClient, blob: Descriptor): Promise<UploadOutcome> {
    const { repository, mountFrom = [], onProgress } = this.request;
    const { digest, size } = blob;
    return client.uploadBlob(repository, blob, () => this.fileOf(blob), {
      mountFrom: typeof mountFrom === 'function' ? mountFrom(blob) : mountFrom,
      onStart: () => onProgress?.({ kind: 'blob-start', digest, size }),
      onSent: (sentBytes) => onProgress?.({ kind: 'blob-progress', digest, size, sentBytes }),
    });
  }

  private async fileOf(blob: Descriptor): Promise<string> {
    const { layout, fetchMissing } = this.request;
    if (fetchMissing && !(await layout.has(blob))) return fetchMissing(blob);
    return layout.blobFile(blob);
  }

  /** The first tag brings the manifest with it: if the registry refuses that tag, no image is left behind. */
  private async putTop(stands: boolean): Promise<readonly PushedTag[]> {
    const { repository, tags = [], onProgress } = this.request;
    const { top } = this.content;
    if (!stands && tags.length === 0) await this.putManifest(top);
    return setTags({ client: this.client, repository, manifest: top, tags, onProgress });
  }

  private async putManifest({ descriptor, bytes }: FetchedManifest): Promise<void> {
    const { digest, mediaType } = descriptor;
    await this.client.putManifest(this.request.repository, digest, mediaType, bytes);
  }

  private async stands({ descriptor }: ManifestContent): Promise<boolean> {
    const found = await this.client.headManifest(this.request.repository, descriptor.digest);
    return found !== undefined;
  }

  private done({ digest, size }: Descriptor, action: UploadOutcome): void {
    this.bytes[action] += size;
    this.request.onProgress?.({ kind: 'blob', digest, size, action });
  }

  private report({ descriptor }: ManifestContent, action: 'uploaded' | 'present'): void {
    const { digest, size } = descriptor;
    this.request.onProgress?.({ kind: 'manifest', digest, size, action });
  }
}
