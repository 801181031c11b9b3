import { type z } from 'zod';
import { type Blob, type BlobStore } from '../blob-store';
import { type Digest, isDigest } from '../digest';
import { OciError } from '../errors';
import {
  type Descriptor,
  type ImageConfig,
  imageConfigSchema,
  imageIndexSchema,
  type ImageManifest,
  imageManifestSchema,
  MEDIA_TYPE,
} from '../manifest';
import { formatPlatform, platformOf } from '../platform';
import { type RegistryClient } from '../registry/registry-client';
import { type BaseImage } from './base-source';

/** One repository of base images, read through a cache of blobs. */
export class CachedRepository {
  private connection: Promise<void> | undefined;

  constructor(
    private readonly client: RegistryClient,
    private readonly repository: string,
    private readonly blobs: BlobStore,
    private readonly connectTimeoutMs: number,
  ) {}

  /** The digest of the manifest or index that a tag or digest names; it is in the cache then. */
  async resolve(reference: string): Promise<Digest> {
    if (isDigest(reference) && (await this.blobs.size(reference)) !== undefined) return reference;
    await this.connect();
    const { bytes } = await this.client.getManifest(this.repository, reference);
    return (await this.blobs.write(bytes)).digest;
  }

  /** By platform, the manifests behind a digest. */
  async images(top: Digest): Promise<ReadonlyMap<string, Digest>> {
    const { manifests } = await this.parsed(top, looseIndexSchema);
    if (manifests === undefined) {
      const config = await this.config(await this.parsed(top, imageManifestSchema));
      return new Map([[formatPlatform(platformOf(config)), top]]);
    }
    const images = new Map<string, Digest>();
    for (const { platform, digest } of manifests) {
      // BuildKit lists attestations as images of the platform unknown/unknown.
      if (platform && platform.os !== 'unknown') images.set(formatPlatform(platform), digest);
    }
    return images;
  }

  async load(image: Digest): Promise<BaseImage> {
    const manifest = await this.parsed(await this.resolve(image), imageManifestSchema);
    const config = await this.config(manifest);
    const layers = [];
    for (const [index, descriptor] of manifest.layers.entries()) {
      const diffId = config.rootfs.diff_ids[index];
      if (diffId === undefined) throw this.malformed(image);
      await this.fetchBlob(descriptor);
      layers.push({
        descriptor: withOciMediaType(descriptor),
        diffId,
        file: this.blobs.path(descriptor.digest),
      });
    }
    return { config, layers };
  }

  private async config({ config }: ImageManifest): Promise<ImageConfig> {
    await this.fetchBlob(config);
    return this.parsed(config.digest, imageConfigSchema);
  }

  private async fetchBlob(blob: Blob): Promise<void> {
    await this.blobs.take(blob, async () => {
      await this.connect();
      return this.client.getBlob(this.repository, blob);
    });
  }

  /** Tells within a short time that a registry is out of reach, before anything with retries is tried. */
  private connect(): Promise<void> {
    return (this.connection ??= this.client.ping(this.connectTimeoutMs));
  }

  private async parsed<T>(digest: Digest, schema: z.ZodType<T>): Promise<T> {
    const text = (await this.blobs.read(digest)).toString();
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw this.malformed(digest, cause);
    }
  }

  private malformed(digest: Digest, cause?: unknown): OciError {
    const where = `${this.client.host}/${this.repository}@${digest}`;
    const problem = `${where} is no image that can be read. Choose another base.`;
    return new OciError('BASE_UNAVAILABLE', problem, { cause });
  }
}

/** An index, or a manifest, which has no `manifests`. */
const looseIndexSchema = imageIndexSchema.partial({ manifests: true });

/** Docker's name for the same bytes: an OCI manifest names them the OCI way. */
function withOciMediaType(descriptor: Descriptor): Descriptor {
  return descriptor.mediaType === MEDIA_TYPE.dockerLayerGzip
    ? { ...descriptor, mediaType: MEDIA_TYPE.ociLayerGzip }
    : descriptor;
}
