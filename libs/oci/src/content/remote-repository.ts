import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BlobStore } from '../blob-store';
import { type Digest } from '../digest';
import { type Descriptor, isManifestMediaType, parseManifest } from '../manifest';
import { addToReferrersTag, listReferrers } from '../registry/referrers';
import { type RegistryClient } from '../registry/registry-client';
import { RegistryError } from '../registry/registry-error';
import { type RetryEvent } from '../registry/retry';
import {
  type Content,
  type ContentStore,
  type Manifest,
  type PushOptions,
  type PushOutcome,
  readContent,
  type RemoteContent,
} from './content-store';

/** A repository in a registry. */
export class RemoteRepository implements ContentStore {
  /** Registries may reject other manifests: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push */
  readonly checksReferences = true;

  constructor(
    readonly client: RegistryClient,
    readonly repository: string,
  ) {}

  get name(): string {
    return `${this.client.host}/${this.repository}`;
  }

  observed(watch: {
    onRetry?: (event: RetryEvent) => void;
    signal?: AbortSignal;
  }): RemoteRepository {
    return new RemoteRepository(this.client.observed(watch), this.repository);
  }

  resolve(reference: string): Promise<Descriptor | undefined> {
    return this.client.headManifest(this.repository, reference);
  }

  async exists({ digest, mediaType }: Descriptor): Promise<boolean> {
    if (!isManifestMediaType(mediaType)) return this.client.hasBlob(this.repository, digest);
    return (await this.resolve(digest)) !== undefined;
  }

  async fetch(content: Descriptor): Promise<Content> {
    const { client, repository } = this;
    if (isManifestMediaType(content.mediaType)) {
      return (await client.getManifest(repository, content.digest)).bytes;
    }
    const open = () => client.getBlob(repository, content);
    return { read: (use) => client.withRetries(() => use(open)) };
  }

  referrers(subject: Digest, artifactType?: string): Promise<readonly Descriptor[]> {
    return listReferrers(this.client, this.repository, subject, artifactType);
  }

  async push(
    content: Descriptor,
    source: () => Promise<Content>,
    options?: PushOptions,
  ): Promise<PushOutcome> {
    const { client, repository } = this;
    if (isManifestMediaType(content.mediaType)) {
      await this.putManifest(content, await readContent(await source()));
      return 'uploaded';
    }
    const spool = new Spool(content);
    try {
      const file = async () => spool.sendable(await source());
      return await client.uploadBlob(repository, content, file, options);
    } finally {
      await spool.remove();
    }
  }

  /** @throws RegistryError `TAG_INVALID` if the registry does not let the tag move */
  async tag({ descriptor, bytes }: Manifest, tag: string): Promise<void> {
    const { client, repository } = this;
    const { digest, mediaType } = descriptor;
    try {
      await client.putManifest(repository, tag, mediaType, bytes);
    } catch (error) {
      if (!(error instanceof RegistryError) || error.code !== 'TAG_INVALID') throw error;
      const current = (await this.resolve(tag))?.digest;
      // An earlier attempt may have set the tag, and its response was lost.
      if (current === digest) return;
      throw current ? cannotMove(error, tag, current, digest) : error;
    }
  }

  async canMount({ digest }: Descriptor, mountFrom: readonly string[]): Promise<boolean> {
    return (await this.client.findMountSource(this.repository, digest, mountFrom)) !== undefined;
  }

  /** A registry without the referrers API gets the tag of the referrers tag schema. */
  private async putManifest({ digest, mediaType }: Descriptor, bytes: Buffer): Promise<void> {
    const { client, repository } = this;
    const { listed } = await client.putManifest(repository, digest, mediaType, bytes);
    const parsed = parseManifest(bytes);
    if (listed || !parsed?.subject) return;
    const subject = parsed.subject.digest;
    if ((await client.getReferrers(repository, subject)) !== undefined) return;
    const { artifactType, annotations } = parsed.content;
    const config = parsed.content.config?.mediaType;
    await addToReferrersTag(client, repository, subject, {
      mediaType,
      digest,
      size: bytes.length,
      artifactType: artifactType ?? config,
      ...(annotations && { annotations }),
    });
  }
}

/** Stores a stream in a file while it is sent: an upload may have to resume in the middle. */
class Spool {
  private folder: string | undefined;

  constructor(private readonly blob: Descriptor) {}

  async sendable(content: Content): Promise<string | Uint8Array> {
    if (typeof content === 'string' || !('read' in content)) return content;
    return this.store(content);
  }

  async remove(): Promise<void> {
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }

  private async store(content: RemoteContent): Promise<string> {
    this.folder = await mkdtemp(path.join(tmpdir(), 'oci-copy-'));
    const blobs = new BlobStore(this.folder);
    await content.read((open) => blobs.take(this.blob, open));
    return blobs.path(this.blob.digest);
  }
}

function cannotMove(cause: RegistryError, tag: string, from: Digest, to: Digest): RegistryError {
  const problem =
    `the tag "${tag}" points to ${from} and the repository does not let it move to ${to}. ` +
    'Push this image under a new tag; to move this one, exclude it from the immutable tags of the repository.';
  return new RegistryError('TAG_INVALID', problem, cause, { cause });
}
