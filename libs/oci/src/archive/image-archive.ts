import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Headers } from 'tar-stream';
import * as z from 'zod';
import { type Digest } from '../digest';
import { OciError, storageError } from '../errors';
import { type ImageConfig, imageConfigSchema } from '../manifest';
import { tarEntries } from './tar-entries';

export interface ArchivedLayer {
  readonly diffId: Digest;
  /** The file of its uncompressed tar. @throws OciError `ARCHIVE_INVALID` */
  tar(): Promise<string>;
}

export interface ArchivedImage {
  readonly config: ImageConfig;
  readonly layers: readonly ArchivedLayer[];
}

const PREFIX = '.import-';

/**
 * Reads an image archive of `docker save` or `podman save`, which is unpacked into a temporary folder in `dir` until `body` ends.
 * @param isKnown whether an entry of that name need not be unpacked
 * @throws OciError `ARCHIVE_INVALID`, `DISK_FULL`; the error of the stream
 */
export async function withArchivedImage<T>(
  archive: Readable,
  { dir, isKnown }: { readonly dir: string; readonly isKnown: (name: string) => boolean },
  body: (image: ArchivedImage) => Promise<T>,
): Promise<T> {
  const folder = path.join(dir, `${PREFIX}${randomUUID()}`);
  try {
    await removeLeftovers(dir);
    await mkdir(folder, { recursive: true });
    const fileOf = await unpack(archive, folder, isKnown);
    return await body(await readImage(fileOf, folder));
  } catch (error) {
    throw storageError(dir, error);
  } finally {
    archive.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Folders of imports that were killed. */
async function removeLeftovers(dir: string): Promise<void> {
  for (const name of await readdir(dir).catch(() => [])) {
    if (name.startsWith(PREFIX)) await rm(path.join(dir, name), { recursive: true, force: true });
  }
}

/** The file on disk of an entry; undefined if it was not unpacked. */
type FileOf = (name: string) => string | undefined;

/** Errors of tar-stream for data that is not a tar file. */
const NOT_TAR = /Unexpected end of data|Invalid tar header/;

async function unpack(
  archive: Readable,
  folder: string,
  isKnown: (name: string) => boolean,
): Promise<FileOf> {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  const take = async ({ name, type, linkname }: Headers, content: Readable) => {
    if (type === 'symlink') {
      links.set(name, path.posix.join(path.posix.dirname(name), linkname ?? ''));
    }
    if (type === 'link') links.set(name, linkname ?? '');
    if (type !== 'file' || isKnown(name)) return drain(content);
    const file = path.join(folder, String(files.size));
    await pipeline(content, createWriteStream(file));
    files.set(name, file);
  };
  await pipeline(archive, tarEntries(take)).catch((error: unknown) => {
    throw NOT_TAR.test(String(error)) ? invalid('it is damaged', error) : error;
  });
  return (name) => files.get(name) ?? files.get(links.get(name) ?? '');
}

function drain(content: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    content.on('end', resolve).on('error', reject).resume();
  });
}

/** Docker's `manifest.json`, which all versions write, since version 25 beside an OCI layout. */
const manifestSchema = z.tuple([z.object({ Config: z.string(), Layers: z.array(z.string()) })]);

/** @param folder for layers that have to be decompressed */
async function readImage(fileOf: FileOf, folder: string): Promise<ArchivedImage> {
  const [{ Config, Layers }] = await readJson(manifestSchema, 'manifest.json', fileOf);
  const config = await readJson(imageConfigSchema, Config, fileOf);
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== Layers.length) {
    throw invalid('the number of layers differs between manifest.json and the config');
  }
  const layers = diffIds.map((diffId, index) => ({
    diffId,
    tar: async () => {
      const file = fileOf(Layers[index] ?? '');
      if (file === undefined) throw invalid(`layer ${diffId} is missing`);
      if (!(await isGzip(file))) return file;
      const target = path.join(folder, `layer-${index}`);
      await pipeline(createReadStream(file), createGunzip(), createWriteStream(target));
      return target;
    },
  }));
  return { config, layers };
}

async function readJson<T>(schema: z.ZodType<T>, name: string, fileOf: FileOf): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(name) ?? '', 'utf8')));
  } catch (cause) {
    throw invalid(`it has no valid ${name}`, cause);
  }
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function invalid(problem: string, cause?: unknown): OciError {
  return new OciError(
    'ARCHIVE_INVALID',
    `Cannot read the image archive of the engine: ${problem}.\nFix: build the image again.`,
    { cause },
  );
}
