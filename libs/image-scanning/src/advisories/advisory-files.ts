import { createReadStream } from 'node:fs';
import { open, opendir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import yauzl, { type ZipFile } from 'yauzl';
import { readLayer } from '../layers/read-layer';
import { ScanError } from '../scan-error';

/** The largest advisories, of kernels, have 2 MB. */
export const maximumAdvisorySize = 16 * 1024 * 1024;

/** Bounds of all files together, once they are uncompressed. */
export interface AdvisoryLimits {
  readonly files: number;
  readonly bytes: number;
}

/** More than all of osv.dev. */
const ofOsv: AdvisoryLimits = { files: 2_000_000, bytes: 16 * 1024 ** 3 };

export interface AdvisoryFile {
  readonly name: string;
  /** undefined if the file is too large. */
  readonly text: string | undefined;
}

/**
 * Passes on each `.json` file of a folder with its subfolders, or of an archive: zip, as osv.dev publishes one for each
 * ecosystem, or tar, also compressed with gzip. A folder may contain such archives.
 *
 * @throws ScanError if it does not exist, is damaged or of another kind
 */
export async function readAdvisoryFiles(
  location: string,
  take: (file: AdvisoryFile) => void,
  limits: AdvisoryLimits = ofOsv,
): Promise<void> {
  let [files, bytes] = [0, 0];
  const counted = (file: AdvisoryFile) => {
    files += 1;
    bytes += file.text?.length ?? 0;
    if (files > limits.files)
      throw new ScanError(`${location} has more than ${limits.files} files`);
    if (bytes > limits.bytes) {
      throw new ScanError(`${location} has more than ${limits.bytes} bytes of advisories`);
    }
    take(file);
  };
  const found = await stat(location).catch((cause: unknown) => {
    throw new ScanError(`${location} cannot be read: ${reasonOf(cause)}`, { cause });
  });
  if (found.isDirectory()) return readFolder(location, counted);
  return readArchive(location, counted);
}

type Take = (file: AdvisoryFile) => void;

async function readFolder(folder: string, take: Take): Promise<void> {
  for await (const entry of await opendir(folder, { recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    if (archiveName.test(entry.name)) await readArchive(file, take);
    if (!entry.name.endsWith('.json')) continue;
    const { size } = await stat(file);
    const text = size > maximumAdvisorySize ? undefined : await readFile(file, 'utf8');
    take({ name: path.relative(folder, file), text });
  }
}

const archiveName = /\.(zip|tar|tar\.gz|tgz)$/;

async function readArchive(file: string, take: Take): Promise<void> {
  try {
    const start = await startOf(file);
    if (start.subarray(0, 2).toString('latin1') === 'PK') return await readZip(file, take);
    const isGzip = start[0] === 0x1f && start[1] === 0x8b;
    if (isGzip || start.subarray(257, 262).toString('latin1') === 'ustar') {
      return await readTar(file, isGzip, take);
    }
  } catch (cause) {
    throw new ScanError(`${file} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  throw new ScanError(`${file} is neither a folder nor a zip or tar archive`);
}

async function startOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer: start, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return start.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function readZip(file: string, take: Take): Promise<void> {
  const zip = await yauzl.openPromise(file, { autoClose: false });
  try {
    for await (const { fileName: name, uncompressedSize, entry } of entriesOf(zip)) {
      if (!name.endsWith('.json')) continue;
      if (uncompressedSize > maximumAdvisorySize) take({ name, text: undefined });
      // A file that is longer than the archive says is an error of the library.
      else take({ name, text: (await buffer(await zip.openReadStreamPromise(entry))).toString() });
    }
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: ZipFile) {
  for await (const entry of zip.eachEntry()) {
    const { fileName, uncompressedSize } = entry;
    yield { fileName, uncompressedSize, entry };
  }
}

async function readTar(file: string, isGzip: boolean, take: Take): Promise<void> {
  await readLayer(
    {
      mediaType: isGzip ? 'application/tar+gzip' : 'application/x.tar',
      bytes: createReadStream(file),
    },
    ofOsv.bytes,
    ({ path: name, size }) => name.endsWith('.json') && size <= maximumAdvisorySize,
    ({ path: name, type }, content) => {
      if (type !== 'file' || !name.endsWith('.json')) return;
      take({ name, text: content?.toString() });
    },
  );
}

const reasonOf = (error: unknown) => (error as Error).message;
