import { type Blob, type BlobStore } from '../blob-store';
import { type Content, type ContentSource } from '../content/content-store';
import { type ImageNode, readNode } from '../content/image-graph';
import { RemoteRepository } from '../content/remote-repository';
import { type Digest, isDigest } from '../digest';
import { OciError } from '../errors';
import {
  type Descriptor,
  type ImageConfig,
  imageConfigSchema,
  isManifestMediaType,
  MEDIA_TYPE,
  parseManifest,
} from '../manifest';
import { formatPlatform, platformOf } from '../platform';
import { type RegistryClient } from '../registry/registry-client';
import { RegistryError } from '../registry/registry-error';
import { type BaseImage } from './base-source';
import { fetchOnce } from './fetch-once';

export interface CachedRepositoryOptions {
  /** Fails within a short time if the registry is unreachable, before requests with retries are sent. */
  readonly connect: () => Promise<RegistryClient>;
  /** With its host, for errors. */
  readonly name: string;
  readonly repository: string;
  readonly blobs: BlobStore;
  /** As in BaseImage. */
  readonly listings: string;
}

/** A repository of base images, read through a cache of blobs. */
export class CachedRepository implements ContentSource {
  private connection: Promise<RemoteRepository> | undefined;

  constructor(private readonly options: CachedRepositoryOptions) {}

  get name(): string {
    return this.options.name;
  }

  async resolve(reference: string): Promise<Descriptor | undefined> {
    return this.require(reference).catch((error: unknown) => {
      if (error instanceof RegistryError && error.status === 404) return undefined;
      throw error;
    });
  }

  /** The manifest or index that a tag or digest points to, after storing it in the cache. @throws RegistryError, OciError */
  async require(reference: string): Promise<Descriptor> {
    const { blobs } = this.options;
    if (isDigest(reference) && (await this.isCached(reference))) {
      const bytes = await blobs.read(reference);
      return { mediaType: mediaTypeOf(bytes), digest: reference, size: bytes.length };
    }
    const { client, repository } = await this.remote();
    const { descriptor, bytes } = await client.getManifest(repository, reference);
    await blobs.write(bytes);
    return descriptor;
  }

  async exists(content: Descriptor): Promise<boolean> {
    return (await this.isCached(content.digest)) || (await this.remote()).exists(content);
  }

  /** A file in the cache. Damaged content is fetched again. */
  async fetch(content: Descriptor): Promise<Content> {
    if (!isManifestMediaType(content.mediaType)) return this.blob(content);
    const { digest } = await this.require(content.digest);
    return this.options.blobs.path(digest);
  }

  async referrers(subject: Digest, artifactType?: string): Promise<readonly Descriptor[]> {
    return (await this.remote()).referrers(subject, artifactType);
  }

  /** The manifests of a descriptor, by platform. */
  async images(top: Descriptor): Promise<ReadonlyMap<string, Descriptor>> {
    const node = await this.node(top);
    if (node.content.manifests === undefined) {
      return new Map([[formatPlatform(platformOf(await this.config(node))), top]]);
    }
    const images = new Map<string, Descriptor>();
    for (const child of node.children) {
      const platform = await this.platformOf(child);
      if (platform && !images.has(platform)) images.set(platform, child);
    }
    if (images.size === 0) throw this.withoutImages(top.digest, node);
    return images;
  }

  /** Of an image in an index; undefined for content that cannot be run, such as an attestation. */
  private async platformOf(child: Descriptor): Promise<string | undefined> {
    const { platform, artifactType, mediaType } = child;
    // BuildKit lists attestations as images of the platform unknown/unknown.
    if (platform) return platform.os === 'unknown' ? undefined : formatPlatform(platform);
    if (artifactType !== undefined || !isManifestMediaType(mediaType)) return undefined;
    // The platform is optional in an index: the config has it too.
    const node = await this.node(child);
    const isImage = node.content.config && node.content.artifactType === undefined;
    return isImage ? formatPlatform(platformOf(await this.config(node))) : undefined;
  }

  async load(image: Descriptor): Promise<BaseImage> {
    const node = await this.node(image);
    const config = await this.config(node);
    const layers = (node.content.layers ?? []).map((descriptor, index) => {
      const diffId = config.rootfs.diff_ids[index];
      if (diffId === undefined) throw this.malformed(image.digest);
      return { descriptor: withOciMediaType(descriptor), diffId };
    });
    return { config, layers, blob: (blob) => this.blob(blob), listings: this.options.listings };
  }

  /** As fetch. @throws RegistryError, OciError */
  async blob(blob: Blob): Promise<string> {
    const { blobs } = this.options;
    await fetchOnce(blobs, blob, async () => {
      const { client, repository } = await this.remote();
      return client.getBlob(repository, blob);
    });
    return blobs.path(blob.digest);
  }

  private async node(descriptor: Descriptor): Promise<ImageNode> {
    return readNode(this, descriptor).catch((error: unknown) => {
      const isMalformed = error instanceof OciError && error.code === 'MANIFEST_INVALID';
      throw isMalformed ? this.malformed(descriptor.digest, error) : error;
    });
  }

  private async config({ content, descriptor }: ImageNode): Promise<ImageConfig> {
    if (!content.config) throw this.malformed(descriptor.digest);
    await this.blob(content.config);
    const text = (await this.options.blobs.read(content.config.digest)).toString();
    try {
      return imageConfigSchema.parse(JSON.parse(text));
    } catch (cause) {
      throw this.malformed(content.config.digest, cause);
    }
  }

  private async isCached(digest: Digest): Promise<boolean> {
    const size = await this.options.blobs.size(digest);
    return size !== undefined && this.options.blobs.isIntact({ digest, size });
  }

  private remote(): Promise<RemoteRepository> {
    const { connect, repository } = this.options;
    return (this.connection ??= connect().then(
      (client) => new RemoteRepository(client, repository),
    ));
  }

  private withoutImages(digest: Digest, { children }: ImageNode): OciError {
    const found =
      children.length === 0 ? 'is empty' : 'lists only attestations and other artifacts';
    return new OciError(
      'BASE_UNAVAILABLE',
      `Not a base image: the index ${this.options.name}@${digest} ${found}.\nFix: choose another base image.`,
    );
  }

  private malformed(digest: Digest, cause?: unknown): OciError {
    const problem = `Not a valid image: ${this.options.name}@${digest}.\nFix: choose another base image.`;
    return new OciError('BASE_UNAVAILABLE', problem, { cause });
  }
}

/** The media type is optional in a manifest. */
function mediaTypeOf(bytes: Buffer): string {
  const { mediaType, manifests } = parseManifest(bytes)?.content ?? {};
  return mediaType ?? (manifests ? MEDIA_TYPE.ociIndex : MEDIA_TYPE.ociManifest);
}

/** An OCI manifest has OCI's media types instead of Docker's. */
function withOciMediaType(descriptor: Descriptor): Descriptor {
  const ociType: Readonly<Record<string, string>> = {
    [MEDIA_TYPE.dockerLayerGzip]: MEDIA_TYPE.ociLayerGzip,
    'application/vnd.docker.image.rootfs.diff.tar': 'application/vnd.oci.image.layer.v1.tar',
    'application/vnd.docker.image.rootfs.diff.tar.zstd':
      'application/vnd.oci.image.layer.v1.tar+zstd',
  };
  return { ...descriptor, mediaType: ociType[descriptor.mediaType] ?? descriptor.mediaType };
}
