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
import { fetchOnce } from './fetch-once';

export interface CachedRepositoryOptions {
  /** Tells within a short time that a registry is out of reach, before anything with retries is tried. */
  readonly connect: () => Promise<RegistryClient>;
  /** With its host, for errors. */
  readonly name: string;
  readonly repository: string;
  readonly blobs: BlobStore;
}

/** One repository of base images, read through a cache of blobs. */
export class CachedRepository {
  private connection: Promise<RegistryClient> | undefined;

  constructor(private readonly options: CachedRepositoryOptions) {}

  /** The digest of the manifest or index that a tag or digest names; it is in the cache then. */
  async resolve(reference: string): Promise<Digest> {
    const { blobs, repository } = this.options;
    if (isDigest(reference) && (await this.cached(reference))) return reference;
    const client = await this.client();
    const { bytes } = await client.getManifest(repository, reference);
    return (await blobs.write(bytes)).digest;
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
    const layers = manifest.layers.map((descriptor, index) => {
      const diffId = config.rootfs.diff_ids[index];
      if (diffId === undefined) throw this.malformed(image);
      return { descriptor: withOciMediaType(descriptor), diffId };
    });
    return { config, layers };
  }

  /** The file of a blob; one that is damaged in the cache is fetched again. @throws RegistryError, OciError */
  async blob(blob: Blob): Promise<string> {
    const { blobs, repository } = this.options;
    const client = () => this.client();
    await fetchOnce(blobs, blob, async () => (await client()).getBlob(repository, blob));
    return blobs.path(blob.digest);
  }

  private async config({ config }: ImageManifest): Promise<ImageConfig> {
    await this.blob(config);
    return this.parsed(config.digest, imageConfigSchema);
  }

  /** Whether a manifest is in the cache, and sound. */
  private async cached(digest: Digest): Promise<boolean> {
    const size = await this.options.blobs.size(digest);
    return size !== undefined && this.options.blobs.isSound({ digest, size });
  }

  private client(): Promise<RegistryClient> {
    return (this.connection ??= this.options.connect());
  }

  private async parsed<T>(digest: Digest, schema: z.ZodType<T>): Promise<T> {
    const text = (await this.options.blobs.read(digest)).toString();
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw this.malformed(digest, cause);
    }
  }

  private malformed(digest: Digest, cause?: unknown): OciError {
    const problem = `${this.options.name}@${digest} is no image that can be read. Choose another base.`;
    return new OciError('BASE_UNAVAILABLE', problem, { cause });
  }
}

/** An index, or a manifest, which has no `manifests`. */
const looseIndexSchema = imageIndexSchema.partial({ manifests: true });

/** Docker's name for the same bytes: an OCI manifest names them the OCI way. */
function withOciMediaType(descriptor: Descriptor): Descriptor {
  const ociType: Readonly<Record<string, string>> = {
    [MEDIA_TYPE.dockerLayerGzip]: MEDIA_TYPE.ociLayerGzip,
    'application/vnd.docker.image.rootfs.diff.tar': 'application/vnd.oci.image.layer.v1.tar',
    'application/vnd.docker.image.rootfs.diff.tar.zstd':
      'application/vnd.oci.image.layer.v1.tar+zstd',
  };
  return { ...descriptor, mediaType: ociType[descriptor.mediaType] ?? descriptor.mediaType };
}
