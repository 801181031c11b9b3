import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { type BlobSource } from './base/base-source';
import { type Blob, BlobStore } from './blob-store';
import {
  type Content,
  type ContentStore,
  type Manifest,
  type PushOutcome,
} from './content/content-store';
import { readNode, walkImage } from './content/image-graph';
import { type Digest } from './digest';
import { OciError } from './errors';
import { type Descriptor, imageIndexSchema, isManifestMediaType, MEDIA_TYPE } from './manifest';
import { replaceFile } from './replace-file';

const VERSION = '1.0.0';
const versionSchema = z.looseObject({ imageLayoutVersion: z.literal(VERSION) });

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md */
export const REF_NAME = 'org.opencontainers.image.ref.name';

/**
 * An OCI image layout: a folder with `oci-layout`, `index.json` and `blobs/sha256`;
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md
 * It may be sparse: blobs that a store elsewhere holds are left out of it, and fetched from there.
 */
export class OciLayout implements ContentStore {
  readonly checksReferences = false;
  private readonly blobs: BlobStore;

  private constructor(
    readonly dir: string,
    private readonly missing?: BlobSource,
  ) {
    this.blobs = new BlobStore(dir);
  }

  get name(): string {
    return this.dir;
  }

  /** Makes the folder a layout unless it is one. */
  static async create(dir: string): Promise<OciLayout> {
    const layout = new OciLayout(dir);
    await layout.writeJson('oci-layout', { imageLayoutVersion: VERSION });
    return layout;
  }

  /**
   * @param missing The blobs that a sparse layout lacks; see baseBlobs.
   * @throws OciError `LAYOUT_INVALID` when the folder holds no layout of version 1.0.0
   */
  static async open(dir: string, missing?: BlobSource): Promise<OciLayout> {
    const layout = new OciLayout(dir, missing);
    await layout.readJson('oci-layout', versionSchema);
    return layout;
  }

  /** The file of a blob, whether it is there or not. */
  blobPath(digest: Digest): string {
    return this.blobs.path(digest);
  }

  /** The images that index.json names. @throws OciError `LAYOUT_INVALID` */
  async images(): Promise<readonly Descriptor[]> {
    const hasIndex = await access(path.join(this.dir, 'index.json')).then(
      () => true,
      () => false,
    );
    return hasIndex ? (await this.readJson('index.json', imageIndexSchema)).manifests : [];
  }

  /** @throws OciError `BLOB_MISSING`, `DIGEST_MISMATCH` */
  async read(digest: Digest): Promise<Buffer> {
    return this.blobs.read(digest);
  }

  /** An image that index.json names, by its digest or by `org.opencontainers.image.ref.name`. */
  async resolve(reference: string): Promise<Descriptor | undefined> {
    const images = await this.images();
    return images.find(
      ({ digest, annotations }) => digest === reference || annotations?.[REF_NAME] === reference,
    );
  }

  /** Whether the layout itself has the content, judged by its size. */
  async exists({ digest, size }: Blob): Promise<boolean> {
    return (await this.blobs.size(digest)) === size;
  }

  async fetch(content: Descriptor): Promise<string> {
    const { missing } = this;
    const isElsewhere =
      missing && !isManifestMediaType(content.mediaType) && !(await this.exists(content));
    return isElsewhere ? missing(content) : this.blobFile(content);
  }

  /** Those that index.json names. */
  async referrers(subject: Digest): Promise<readonly Descriptor[]> {
    const images = new Map((await this.images()).map((image) => [image.digest, image]));
    const nodes = await Promise.all([...images.values()].map((image) => readNode(this, image)));
    return nodes
      .filter((node) => node.subject?.digest === subject)
      .map(({ descriptor }) => descriptor);
  }

  /** @throws OciError `DIGEST_MISMATCH` */
  async push(blob: Descriptor, source: () => Promise<Content>): Promise<PushOutcome> {
    if (await this.exists(blob)) return 'present';
    const content = await source();
    if (typeof content === 'string') await this.blobs.takeFile(blob, content);
    else if ('read' in content) await content.read((open) => this.blobs.take(blob, open));
    else await this.blobs.take(blob, () => Readable.from([content]));
    return 'uploaded';
  }

  async tag({ descriptor, bytes }: Manifest, tag: string): Promise<void> {
    await this.write(bytes);
    const annotations = { ...descriptor.annotations, [REF_NAME]: tag };
    const others = (await this.images()).flatMap((image): Descriptor[] => {
      if (image.annotations?.[REF_NAME] !== tag) return [image];
      return image.digest === descriptor.digest ? [] : [{ ...image, annotations: undefined }];
    });
    await this.writeIndex([...others, { ...descriptor, annotations }]);
  }

  /** The file of a blob that is there. @throws OciError `BLOB_MISSING` */
  async blobFile({ digest, size }: Blob): Promise<string> {
    if (await this.exists({ digest, size })) return this.blobs.path(digest);
    throw new OciError('BLOB_MISSING', `Blob missing in ${this.dir}: ${digest}. Build it again.`);
  }

  async write(bytes: Uint8Array): Promise<Blob> {
    return this.blobs.write(bytes);
  }

  /** Makes these the layout's images, and removes every blob that they do not reach. */
  async setImages(images: readonly Descriptor[]): Promise<void> {
    await this.writeIndex(images);
    const reached = new Set<Digest>();
    for (const image of images) {
      for (const node of await walkImage(this, await readNode(this, image))) {
        for (const { digest } of [node.descriptor, ...node.blobs]) reached.add(digest);
      }
    }
    await this.blobs.keepOnly(reached);
  }

  private async writeIndex(manifests: readonly Descriptor[]): Promise<void> {
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests };
    await this.writeJson('index.json', index);
  }

  private async writeJson(name: string, value: unknown): Promise<void> {
    await replaceFile(path.join(this.dir, name), (draft) =>
      writeFile(draft, JSON.stringify(value)),
    );
  }

  private async readJson<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    const file = path.join(this.dir, name);
    try {
      return schema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (cause) {
      throw new OciError('LAYOUT_INVALID', `Not an OCI image layout: ${this.dir}. See ${name}.`, {
        cause,
      });
    }
  }
}
