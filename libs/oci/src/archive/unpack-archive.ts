import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Headers } from 'tar-stream';
import { OciError } from '../errors';
import { storageError } from '../storage-error';

/** What `docker save` or `podman save` wrote, unpacked for a while. */
export class UnpackedArchive {
  constructor(
    private readonly files: ReadonlyMap<string, string>,
    private readonly links: ReadonlyMap<string, string>,
  ) {}

  /** The file on disk of a name in the archive; undefined when it was passed over. */
  file(name: string): string | undefined {
    return this.files.get(name) ?? this.files.get(this.links.get(name) ?? '');
  }

  /** @throws OciError `ARCHIVE_INVALID` when it is not there, or no JSON */
  async json(name: string): Promise<unknown> {
    const file = this.file(name);
    try {
      if (file === undefined) throw new Error('it is not there');
      return JSON.parse(await readFile(file, 'utf8'));
    } catch (cause) {
      const problem = `What the engine saved has no readable ${name}. Build again.`;
      throw new OciError('ARCHIVE_INVALID', problem, { cause });
    }
  }
}

const PREFIX = '.import-';

/**
 * Unpacks the stream into a folder of its own inside `dir`, which is gone when `body` has ended.
 * @param isKnown tells by its name in the archive what need not be kept
 * @throws OciError `ARCHIVE_INVALID`, `DISK_FULL`; what the stream fails with
 */
export async function withUnpacked<T>(
  archive: Readable,
  { dir, isKnown }: { readonly dir: string; readonly isKnown: (name: string) => boolean },
  body: (unpacked: UnpackedArchive, folder: string) => Promise<T>,
): Promise<T> {
  const folder = path.join(dir, `${PREFIX}${randomUUID()}`);
  try {
    await removeLeftovers(dir);
    await mkdir(folder, { recursive: true });
    return await body(await unpack(archive, folder, isKnown), folder);
  } catch (error) {
    throw storageError(dir, error);
  } finally {
    archive.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

/** An import that was killed cannot have cleaned up. */
async function removeLeftovers(dir: string): Promise<void> {
  for (const name of await readdir(dir).catch(() => [])) {
    if (name.startsWith(PREFIX)) await rm(path.join(dir, name), { recursive: true, force: true });
  }
}

/** What tar-stream says of bytes that are no tar file. */
const NO_TAR = /Unexpected end of data|Invalid tar header/;

const damaged = (cause: unknown) =>
  new OciError('ARCHIVE_INVALID', 'What the engine saved is damaged. Build again.', { cause });

async function unpack(
  archive: Readable,
  folder: string,
  isKnown: (name: string) => boolean,
): Promise<UnpackedArchive> {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  const tar = extract();
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
  tar.on('entry', (header, content, next) => {
    take(header, content).then(
      () => next(),
      (error: unknown) => tar.destroy(error as Error),
    );
  });
  await pipeline(archive, tar).catch((error: unknown) => {
    throw NO_TAR.test(String(error)) ? damaged(error) : error;
  });
  return new UnpackedArchive(files, links);
}

function drain(content: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    content.on('end', resolve).on('error', reject).resume();
  });
}
