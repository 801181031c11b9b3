import { type Digest } from '../digest';
import { OciError } from '../errors';
import { type OciLayout } from '../layout';
import {
  type Descriptor,
  imageIndexSchema,
  imageManifestSchema,
  isHeldByRegistry,
  isIndexMediaType,
} from '../manifest';
import { concurrently } from './concurrently';
import { type RegistryClient } from './registry-client';
import { RegistryError } from './registry-error';

export interface PushedTag {
  readonly tag: string;
  readonly action: 'created' | 'moved' | 'unchanged';
}

export type PushEvent =
  | {
      readonly kind: 'blob' | 'manifest';
      readonly digest: Digest;
      readonly size: number;
      readonly action: 'uploaded' | 'present';
    }
  | ({ readonly kind: 'tag' } & PushedTag);

export interface PushImageRequest {
  readonly layout: OciLayout;
  /** A manifest or an index in the layout. */
  readonly digest: Digest;
  readonly client: RegistryClient;
  readonly repository: string;
  /** Moving tags are set once all the fixed ones stand. */
  readonly tags: { readonly fixed: readonly string[]; readonly moving: readonly string[] };
  readonly onProgress?: (event: PushEvent) => void;
}

export interface PushedImage {
  readonly digest: Digest;
  /** Bytes of the blobs that were sent. */
  readonly uploadedBytes: number;
  /** Bytes of the blobs that the registry had. */
  readonly skippedBytes: number;
  /** Fixed ones first, in the order given. */
  readonly tags: readonly PushedTag[];
}

const PARALLEL_UPLOADS = 4;

/**
 * Puts an image into a registry: blobs, then manifests (children first), then fixed tags, then moving ones.
 * What stands already is not sent again.
 * @throws RegistryError; a fixed tag that the registry refuses (`TAG_INVALID`) leaves the moving tags where they were.
 *   OciError `IMAGE_MISSING`, `BLOB_MISSING`, `DIGEST_MISMATCH` when the layout lacks a part
 */
export async function pushImage(request: PushImageRequest): Promise<PushedImage> {
  return new Push(request).run();
}

type TagPlan = PushedTag & { readonly fixed: boolean };

class Push {
  private uploadedBytes = 0;
  private skippedBytes = 0;

  constructor(private readonly request: PushImageRequest) {}

  async run(): Promise<PushedImage> {
    const { layout, digest, client, repository } = this.request;
    const image = (await layout.images()).find((found) => found.digest === digest);
    if (!image) {
      throw new OciError(
        'IMAGE_MISSING',
        `${layout.dir} holds no image ${digest}. Build it again.`,
      );
    }
    const plan = await this.planTags();
    const bytes = await layout.read(digest);
    const stands = await this.putContent(image, bytes);
    const puts = plan.filter(({ action }) => action !== 'unchanged').sort(byRisk);
    // The first tag brings the manifest with it: if the registry refuses that tag, no image is left behind.
    if (!stands && puts.length === 0) {
      await client.putManifest(repository, digest, image.mediaType, bytes);
    }
    for (const { tag } of puts) await this.putTag(tag, image, bytes);
    if (!stands) this.report('manifest', image, 'uploaded');
    const { uploadedBytes, skippedBytes } = this;
    const tags = plan.map(({ tag, action }) => ({ tag, action }));
    for (const pushed of tags) this.request.onProgress?.({ kind: 'tag', ...pushed });
    return { digest, uploadedBytes, skippedBytes, tags };
  }

  private async planTags(): Promise<TagPlan[]> {
    const { client, repository, digest, tags } = this.request;
    const fixed = new Set(tags.fixed);
    return Promise.all(
      [...new Set([...tags.fixed, ...tags.moving])].map(async (tag) => {
        const standing = await client.headManifest(repository, tag);
        const action = !standing ? 'created' : standing.digest === digest ? 'unchanged' : 'moved';
        return { tag, action, fixed: fixed.has(tag) };
      }),
    );
  }

  /** All that a manifest refers to; whether the manifest itself stands, which means that all of it does. */
  private async putContent(image: Descriptor, bytes: Buffer): Promise<boolean> {
    const { layout, client, repository } = this.request;
    const stands = (await client.headManifest(repository, image.digest)) !== undefined;
    if (stands) this.report('manifest', image, 'present');
    const content: unknown = JSON.parse(bytes.toString());
    if (!isIndexMediaType(image.mediaType)) {
      const { config, layers } = imageManifestSchema.parse(content);
      await this.putBlobs([...layers.filter(isHeldByRegistry), config], stands);
      return stands;
    }
    for (const child of imageIndexSchema.parse(content).manifests) {
      const childBytes = await layout.read(child.digest);
      const childStands = await this.putContent(child, childBytes);
      if (childStands) continue;
      await client.putManifest(repository, child.digest, child.mediaType, childBytes);
      this.report('manifest', child, 'uploaded');
    }
    return stands;
  }

  private async putBlobs(blobs: readonly Descriptor[], stand: boolean): Promise<void> {
    const { layout, client, repository } = this.request;
    await concurrently(blobs, PARALLEL_UPLOADS, async (blob) => {
      const action = stand
        ? 'present'
        : await client.uploadBlob(repository, blob, await layout.blobFile(blob));
      if (action === 'uploaded') this.uploadedBytes += blob.size;
      else this.skippedBytes += blob.size;
      this.report('blob', blob, action);
    });
  }

  private async putTag(tag: string, image: Descriptor, bytes: Buffer): Promise<void> {
    const { client, repository } = this.request;
    try {
      await client.putManifest(repository, tag, image.mediaType, bytes);
    } catch (error) {
      // Refused, perhaps because an attempt whose answer was lost has set it.
      if (!(error instanceof RegistryError) || error.code !== 'TAG_INVALID') throw error;
      const standing = await client.headManifest(repository, tag);
      if (standing?.digest !== image.digest) throw error;
    }
  }

  private report(
    kind: 'blob' | 'manifest',
    { digest, size }: Descriptor,
    action: 'uploaded' | 'present',
  ): void {
    this.request.onProgress?.({ kind, digest, size, action });
  }
}

/** Fixed tags before moving ones; of the fixed ones first those that stand elsewhere, which may be refused. */
function byRisk(a: TagPlan, b: TagPlan): number {
  const rank = ({ fixed, action }: TagPlan) => (!fixed ? 2 : action === 'moved' ? 0 : 1);
  return rank(a) - rank(b);
}
