import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { z } from 'zod';
import { type Blob, BlobStore } from './blob-store';
import { type Digest } from './digest';
import { OciError } from './errors';
import {
  type Descriptor,
  imageIndexSchema,
  imageManifestSchema,
  isIndexMediaType,
  MEDIA_TYPE,
} from './manifest';
import { storageError } from './storage-error';

const VERSION = '1.0.0';
const versionSchema = z.looseObject({ imageLayoutVersion: z.literal(VERSION) });

/**
 * An OCI image layout: a folder with `oci-layout`, `index.json` and `blobs/sha256`;
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md
 * It may be sparse: blobs that a store elsewhere holds are left out of it.
 */
export class OciLayout {
  private readonly blobs: BlobStore;

  private constructor(readonly dir: string) {
    this.blobs = new BlobStore(dir);
  }

  /** Makes the folder a layout unless it is one. */
  static async create(dir: string): Promise<OciLayout> {
    const layout = new OciLayout(dir);
    await layout.writeJson('oci-layout', { imageLayoutVersion: VERSION });
    return layout;
  }

  /** @throws OciError `LAYOUT_INVALID` when the folder holds no layout of version 1.0.0 */
  static async open(dir: string): Promise<OciLayout> {
    const layout = new OciLayout(dir);
    await layout.readJson('oci-layout', versionSchema);
    return layout;
  }

  /** The file of a blob, whether it is there or not. */
  blobPath(digest: Digest): string {
    return this.blobs.path(digest);
  }

  /** The images that index.json names. @throws OciError `LAYOUT_INVALID` */
  async images(): Promise<readonly Descriptor[]> {
    return (await this.readJson('index.json', imageIndexSchema)).manifests;
  }

  /** @throws OciError `BLOB_MISSING`, `DIGEST_MISMATCH` */
  async read(digest: Digest): Promise<Buffer> {
    return this.blobs.read(digest);
  }

  /** Whether a blob is there, as far as its size tells. */
  async has({ digest, size }: Blob): Promise<boolean> {
    return (await this.blobs.size(digest)) === size;
  }

  /** The file of a blob that is there. @throws OciError `BLOB_MISSING` */
  async blobFile({ digest, size }: Blob): Promise<string> {
    if (await this.has({ digest, size })) return this.blobs.path(digest);
    throw new OciError('BLOB_MISSING', `${this.dir} has no whole blob ${digest}. Build it again.`);
  }

  async write(bytes: Uint8Array): Promise<Blob> {
    return this.blobs.write(bytes);
  }

  /** Copies a blob in from a file unless it is there. @throws OciError `DIGEST_MISMATCH` */
  async writeFrom(blob: Blob, file: string): Promise<void> {
    await this.blobs.takeFile(blob, file);
  }

  /** Streams a blob in unless it is there. @throws OciError `DIGEST_MISMATCH` */
  async take(blob: Blob, open: () => Readable | Promise<Readable>): Promise<'taken' | 'present'> {
    if (await this.has(blob)) return 'present';
    await this.blobs.take(blob, open);
    return 'taken';
  }

  /** Makes these the layout's images, and removes every blob that they do not reach. */
  async setImages(images: readonly Descriptor[]): Promise<void> {
    await this.writeJson('index.json', {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: images,
    });
    const reached = new Set<Digest>();
    for (const image of images) await this.collect(image, reached);
    await this.blobs.keepOnly(reached);
  }

  private async collect({ digest, mediaType }: Descriptor, into: Set<Digest>): Promise<void> {
    into.add(digest);
    const content: unknown = JSON.parse((await this.read(digest)).toString());
    if (isIndexMediaType(mediaType)) {
      for (const child of imageIndexSchema.parse(content).manifests)
        await this.collect(child, into);
      return;
    }
    const { config, layers } = imageManifestSchema.parse(content);
    for (const blob of [config, ...layers]) into.add(blob.digest);
  }

  private async writeJson(name: string, value: unknown): Promise<void> {
    const file = path.join(this.dir, name);
    const temporary = `${file}.${randomUUID()}`;
    try {
      await mkdir(this.dir, { recursive: true });
      await writeFile(temporary, JSON.stringify(value));
      await rename(temporary, file);
    } catch (error) {
      throw storageError(this.dir, error);
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  private async readJson<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    const file = path.join(this.dir, name);
    try {
      return schema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (cause) {
      throw new OciError('LAYOUT_INVALID', `${this.dir} is no OCI image layout: see ${name}.`, {
        cause,
      });
    }
  }
}
