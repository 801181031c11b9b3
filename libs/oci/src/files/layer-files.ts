import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type BaseImage, type BaseLayer } from '../base/base-source';
import { OciError } from '../errors';
import { readAt, type ScannedEntry, scanTar } from '../layer/scan-tar';
import { replaceFile } from '../replace-file';

/** A format of listings that is not this one is written again. */
const VERSION = 1;

/** The uncompressed layers of images, in a temporary folder. */
export class LayerFiles {
  private readonly files = new Map<string, Promise<string>>();
  private folder?: Promise<string>;

  /** Removes the folder. */
  async close(): Promise<void> {
    await Promise.allSettled(this.files.values());
    if (this.folder) await rm(await this.folder, { recursive: true, force: true });
  }

  /**
   * The entries of a layer, from the cache of the machine if it has them: then the layer itself is not needed.
   * @throws OciError `LAYER_INVALID`, RegistryError
   */
  async entries(image: BaseImage, layer: BaseLayer): Promise<readonly ScannedEntry[]> {
    const cache = image.listings && path.join(image.listings, `${layer.diffId.slice(7)}.json`);
    const cached = cache && (await readListing(cache));
    if (cached) return cached;
    const entries = await withFile(await this.uncompressed(image, layer), scanTar);
    if (cache) await replaceFile(cache, (draft) => writeFile(draft, encodeListing(entries)));
    return entries;
  }

  /** The content of a file in a layer. */
  async read(image: BaseImage, layer: BaseLayer, { offset, size }: ScannedEntry): Promise<Buffer> {
    return withFile(await this.uncompressed(image, layer), (file) => readAt(file, offset, size));
  }

  /** The path of a file for a stage that must be an ordinary tar: an archive of ADD. */
  async temporary(name: string, content: Uint8Array): Promise<string> {
    const file = path.join(await this.open(), name);
    await writeFile(file, content);
    return file;
  }

  private uncompressed(image: BaseImage, layer: BaseLayer): Promise<string> {
    const known = this.files.get(layer.diffId);
    if (known) return known;
    const writing = this.uncompress(image, layer);
    this.files.set(layer.diffId, writing);
    return writing;
  }

  private async uncompress(image: BaseImage, { descriptor, diffId }: BaseLayer): Promise<string> {
    const blob = await image.blob(descriptor);
    if (!/[.+]gzip$/.test(descriptor.mediaType)) {
      if (/\.tar$/.test(descriptor.mediaType)) return blob;
      throw new OciError(
        'LAYER_INVALID',
        `Unsupported layer: ${descriptor.mediaType} is not gzip.`,
      );
    }
    const file = path.join(await this.open(), diffId.slice(7));
    await pipeline(createReadStream(blob), createGunzip(), createWriteStream(file));
    return file;
  }

  private open(): Promise<string> {
    return (this.folder ??= mkdtemp(path.join(tmpdir(), 'layers-')));
  }
}

async function withFile<T>(file: string, body: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file);
  try {
    return await body(handle);
  } finally {
    await handle.close();
  }
}

function encodeListing(entries: readonly ScannedEntry[]): string {
  const plain = entries.map((entry) => ({ ...entry, xattrs: [...entry.xattrs] }));
  return JSON.stringify({ version: VERSION, entries: plain });
}

/** undefined if it does not exist or is damaged. */
async function readListing(file: string): Promise<ScannedEntry[] | undefined> {
  try {
    const { version, entries } = JSON.parse(await readFile(file, 'utf8')) as {
      version: number;
      entries: (Omit<ScannedEntry, 'xattrs'> & { xattrs: [string, string][] })[];
    };
    if (version !== VERSION) return undefined;
    return entries.map((entry) => ({ ...entry, xattrs: new Map(entry.xattrs) }));
  } catch {
    return undefined;
  }
}
