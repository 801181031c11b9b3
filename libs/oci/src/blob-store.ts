import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Digest, digestOf, digestOfStream } from './digest';
import { OciError } from './errors';
import { makeFolder } from './make-folder';
import { placeFile, replaceFile } from './replace-file';

export interface Blob {
  readonly digest: Digest;
  readonly size: number;
}

/** Content by digest in `<dir>/blobs/sha256`. Blobs are complete: written to a draft, checked, renamed. */
export class BlobStore {
  private readonly folder: string;

  constructor(dir: string) {
    this.folder = path.join(dir, 'blobs', 'sha256');
  }

  path(digest: Digest): string {
    return path.join(this.folder, digest.slice('sha256:'.length));
  }

  /** undefined if the blob does not exist. */
  async size(digest: Digest): Promise<number | undefined> {
    return (await stat(this.path(digest)).catch(() => undefined))?.size;
  }

  /** @throws OciError `BLOB_MISSING`, `DIGEST_MISMATCH` */
  async read(digest: Digest): Promise<Buffer> {
    const bytes = await readFile(this.path(digest)).catch((cause: unknown) => {
      throw new OciError('BLOB_MISSING', `Blob missing in ${this.folder}: ${digest}.`, { cause });
    });
    const found = digestOf(bytes);
    if (found !== digest) throw mismatch(this.path(digest), digest, found);
    return bytes;
  }

  /** Whether the blob exists with the content of its digest, which is read. */
  async isIntact({ digest, size }: Blob): Promise<boolean> {
    if ((await this.size(digest)) !== size) return false;
    const found = digestOfStream(createReadStream(this.path(digest))).catch(() => undefined);
    return (await found) === digest;
  }

  async write(bytes: Uint8Array): Promise<Blob> {
    const blob = { digest: digestOf(bytes), size: bytes.length };
    if (!(await this.isIntact(blob))) {
      await replaceFile(this.path(blob.digest), (file) => writeFile(file, bytes));
    }
    return blob;
  }

  async remove(digest: Digest): Promise<void> {
    await rm(this.path(digest), { force: true });
  }

  /** Stores a stream unless the blob exists. @throws OciError `DIGEST_MISMATCH` */
  async take({ digest, size }: Blob, open: () => Readable | Promise<Readable>): Promise<void> {
    if ((await this.size(digest)) === size) return;
    await replaceFile(this.path(digest), async (file) => {
      const source = await open();
      const { sink, result } = hashing();
      await pipeline(source, sink, createWriteStream(file));
      const found = result();
      if (found.digest !== digest) throw mismatch(file, digest, found.digest);
    });
  }

  /** Stores content of unknown digest. The source is destroyed if that fails, even before it is read. */
  async takeUnknown(source: Readable): Promise<Blob> {
    const fill = async (draft: string) => {
      const { sink, result } = hashing();
      await pipeline(source, sink, createWriteStream(draft));
      return result();
    };
    try {
      return await placeFile(this.folder, fill, ({ digest }) => path.basename(this.path(digest)));
    } catch (error) {
      // A writer that fills it would wait for its reader for ever.
      source.destroy();
      throw error;
    }
  }

  /** Removes all other blobs, and the drafts of interrupted writes. */
  async keepOnly(digests: ReadonlySet<Digest>): Promise<void> {
    await makeFolder(this.folder);
    for (const name of await readdir(this.folder)) {
      if (!digests.has(`sha256:${name}`)) await rm(path.join(this.folder, name), { force: true });
    }
  }
}

/** Passes bytes through; `result` is their digest and size after the end. */
export function hashing(): { sink: Transform; result: () => Blob } {
  const hash = createHash('sha256');
  let size = 0;
  const sink = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { sink, result: () => ({ digest: `sha256:${hash.digest('hex')}`, size }) };
}

function mismatch(where: string, expected: Digest, found: Digest): OciError {
  return new OciError(
    'DIGEST_MISMATCH',
    `Damaged content: ${where}. Its digest is ${found} instead of ${expected}.\nFix: remove it and run the command again.`,
  );
}
