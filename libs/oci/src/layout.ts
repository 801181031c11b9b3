import { createReadStream, existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { type BlobSource } from './base/base-source';
import { type Blob, BlobStore } from './blob-store';
import {
  type Content,
  type ContentStore,
  type Manifest,
  type PushOutcome,
} from './content/content-store';
import { copy } from './content/copy';
import { readNode, walkImage } from './content/image-graph';
import { type Digest } from './digest';
import { OciError } from './errors';
import { type Descriptor, imageIndexSchema, isManifestMediaType, MEDIA_TYPE } from './manifest';
import { replaceFile } from './replace-file';

const VERSION = '1.0.0';
const versionSchema = z.looseObject({ imageLayoutVersion: z.literal(VERSION) });

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md */
const REF_NAME = 'org.opencontainers.image.ref.name';

/** An image in a layout, which may be sparse. */
export interface ImageSource {
  readonly layout: OciLayout;
  /** Of a manifest or an index in index.json. */
  readonly digest: Digest;
}

/**
 * An OCI image layout: a folder with `oci-layout`, `index.json` and `blobs/sha256`;
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md
 * A sparse layout lacks blobs, which are fetched from another store.
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

  /** Opens the layout of a folder, and creates it if necessary. */
  static async create(dir: string): Promise<OciLayout> {
    const layout = new OciLayout(dir);
    await layout.writeJson('oci-layout', { imageLayoutVersion: VERSION });
    return layout;
  }

  /**
   * @param missing The blobs that a sparse layout lacks; see baseBlobs.
   * @throws OciError `LAYOUT_INVALID` unless the folder is a layout of version 1.0.0
   */
  static async open(dir: string, missing?: BlobSource): Promise<OciLayout> {
    const layout = new OciLayout(dir, missing);
    await layout.readJson('oci-layout', versionSchema);
    return layout;
  }

  /** The file of a blob, even if it does not exist. */
  blobPath(digest: Digest): string {
    return this.blobs.path(digest);
  }

  /** The file of an existing blob. @throws OciError `BLOB_MISSING` */
  async blobFile(blob: Blob): Promise<string> {
    if (await this.exists(blob)) return this.blobs.path(blob.digest);
    throw new OciError(
      'BLOB_MISSING',
      `Blob missing in ${this.dir}: ${blob.digest}.\nFix: build the image again.`,
    );
  }

  /** The images in index.json. @throws OciError `LAYOUT_INVALID` */
  async images(): Promise<readonly Descriptor[]> {
    if (!existsSync(path.join(this.dir, 'index.json'))) return [];
    return (await this.readJson('index.json', imageIndexSchema)).manifests;
  }

  /** @throws OciError `BLOB_MISSING`, `DIGEST_MISMATCH` */
  async read(digest: Digest): Promise<Buffer> {
    return this.blobs.read(digest);
  }

  /** An image in index.json, by its digest or by `org.opencontainers.image.ref.name`. */
  async resolve(reference: string): Promise<Descriptor | undefined> {
    const images = await this.images();
    return images.find(
      ({ digest, annotations }) => digest === reference || annotations?.[REF_NAME] === reference,
    );
  }

  /** Whether the layout itself has a blob of this digest and size. */
  async exists({ digest, size }: Blob): Promise<boolean> {
    return (await this.blobs.size(digest)) === size;
  }

  async fetch(content: Descriptor): Promise<string> {
    const { missing } = this;
    const isElsewhere =
      missing && !isManifestMediaType(content.mediaType) && !(await this.exists(content));
    return isElsewhere ? missing(content) : this.blobFile(content);
  }

  /** The referrers in index.json. */
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
    if (typeof content === 'string') await this.blobs.take(blob, () => createReadStream(content));
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

  /** Whether the layout itself has a blob with the content of its digest, which is read. */
  isIntact(blob: Blob): Promise<boolean> {
    return this.blobs.isIntact(blob);
  }

  async write(bytes: Uint8Array): Promise<Blob> {
    return this.blobs.write(bytes);
  }

  /** Makes these the only images of the layout, and removes all blobs that they do not refer to. */
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

/**
 * Writes an image with all its blobs as an OCI layout. The previous content of the folder is removed once the image is
 * complete.
 * @param name Becomes `org.opencontainers.image.ref.name` in the index: the name of the image for tools.
 */
export async function writeLayout(image: ImageSource, dir: string, name?: string): Promise<void> {
  const complete = await OciLayout.create(dir);
  const { manifest } = await copy(image.layout, image.digest, complete);
  const { annotations, ...top } = manifest.descriptor;
  const named = name ? { ...annotations, [REF_NAME]: name } : annotations;
  await complete.setImages([{ ...top, ...(named && { annotations: named }) }]);
}
