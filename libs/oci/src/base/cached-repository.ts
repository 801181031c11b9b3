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
    const content = await this.json(top);
    const index = imageIndexSchema.safeParse(content);
    if (!index.success) {
      const config = await this.config(imageManifestSchema.parse(content));
      return new Map([[formatPlatform(platformOf(config)), top]]);
    }
    const images = new Map<string, Digest>();
    for (const { platform, digest } of index.data.manifests) {
      // BuildKit lists attestations as images of the platform unknown/unknown.
      if (platform && platform.os !== 'unknown') images.set(formatPlatform(platform), digest);
    }
    return images;
  }

  async load(image: Digest): Promise<BaseImage> {
    const manifest = imageManifestSchema.parse(await this.json(await this.resolve(image)));
    const config = await this.config(manifest);
    const layers = [];
    for (const [index, descriptor] of manifest.layers.entries()) {
      const diffId = config.rootfs.diff_ids[index];
      if (diffId === undefined) throw malformed(this.client.host, this.repository, image);
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
    return imageConfigSchema.parse(await this.json(config.digest));
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

  private async json(digest: Digest): Promise<unknown> {
    return JSON.parse((await this.blobs.read(digest)).toString());
  }
}

/** Docker's name for the same bytes: an OCI manifest names them the OCI way. */
function withOciMediaType(descriptor: Descriptor): Descriptor {
  return descriptor.mediaType === MEDIA_TYPE.dockerLayerGzip
    ? { ...descriptor, mediaType: MEDIA_TYPE.ociLayerGzip }
    : descriptor;
}

function malformed(host: string, repository: string, image: Digest): OciError {
  return new OciError(
    'BASE_UNAVAILABLE',
    `${host}/${repository}@${image} names more layers in its manifest than in its config. Choose another base.`,
  );
}
