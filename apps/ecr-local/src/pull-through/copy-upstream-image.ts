import { type RegistryClient } from '@typerush/oci';
import { pushManifest, type PushedManifest } from '../registry/push-manifest';
import { parseManifest } from '../registry/manifest';
import { type Registry } from '../registry/registry';
import { layerBucket, type Repository } from '../registry/repository';
import { z } from 'zod';

/** Indexes within indexes. */
const depthLimit = 5;
/** Manifests of one pull. */
const manifestLimit = 500;

export class UpstreamContentError extends Error {
  override readonly name = 'UpstreamContentError';
}

/** The sizes, which the registry does not keep; `parseManifest` has checked the rest. */
const descriptors = z.array(z.object({ digest: z.string(), size: z.number() }));
const sizesSchema = z.object({
  config: descriptors.element.optional(),
  layers: descriptors.nullish(),
});

/** Copies an image with its blobs, and an index with all its images, as ECR does. Every byte is checked by its digest. */
export class UpstreamCopy {
  private manifests = 0;

  constructor(
    private readonly client: RegistryClient,
    private readonly upstreamRepository: string,
    private readonly registry: Registry,
    private readonly repository: Repository,
  ) {}

  async copy(digest: string, tag?: string, depth = 0): Promise<PushedManifest> {
    if (depth > depthLimit || (this.manifests += 1) > manifestLimit) {
      throw new UpstreamContentError(`${digest} of the upstream has too many images`);
    }
    const { bytes, descriptor } = await this.client.getManifest(this.upstreamRepository, digest);
    const manifest = parseManifest(bytes, descriptor.mediaType);
    for (const child of manifest.children) {
      if (!this.repository.images.get(child)) await this.copy(child, undefined, depth + 1);
    }
    const sizes = sizesOf(bytes);
    for (const blob of manifest.blobs) await this.copyBlob(blob, sizes.get(blob) ?? 0);
    const { name } = this.repository;
    const push = { bytes, mediaType: descriptor.mediaType, digest };
    return pushManifest(this.registry, name, { ...push, ...(tag !== undefined && { tag }) });
  }

  private async copyBlob(digest: string, size: number): Promise<void> {
    const { blobs, uploads } = this.registry;
    const bucket = layerBucket(this.repository);
    if (await blobs.stat(bucket, digest)) return;
    const upload = await uploads.begin(bucket);
    try {
      const blob = { digest, size } as Parameters<RegistryClient['getBlob']>[1];
      await uploads.append(
        bucket,
        upload,
        0,
        await this.client.getBlob(this.upstreamRepository, blob),
      );
      const result = await uploads.commit(bucket, upload, digest);
      if (result !== 'stored') throw new UpstreamContentError(`the blob ${digest} has other bytes`);
    } catch (error) {
      await uploads.cancel(bucket, upload);
      throw error;
    }
  }
}

function sizesOf(manifest: Buffer): ReadonlyMap<string, number> {
  const { config, layers } = sizesSchema.parse(JSON.parse(manifest.toString()));
  const all = [...(config ? [config] : []), ...(layers ?? [])];
  return new Map(all.map(({ digest, size }) => [digest, size]));
}
