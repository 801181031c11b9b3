import { close, createReadStream, fstatSync, open, read } from 'node:fs';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BlobStore, type OpenBlob, type StoredBlob } from '../blob-store';
import { isDigest } from '../digest';
import { ensureFolder, isTemporary, writeDurably } from '@typerush/service-kit';
import { type IntactFiles } from './intact-files';
import { hasCode, undefinedWhenMissing } from './missing-file';

/** The path of a blob: `<root>/<bucket>/<hex digits>`. Neither part can name anything above the root. */
export function blobFile(root: string, bucket: string, digest: string): string {
  if (!isDigest(digest)) throw new Error(`'${digest}' is not a digest.`);
  return join(bucketFolder(root, bucket), digest.slice(digest.indexOf(':') + 1));
}

/** A file of a blob is named for the hex digits of its digest, whose number says which algorithm it is. */
const digestOfName = (name: string): string | undefined =>
  ['sha256', 'sha512'].map((algorithm) => `${algorithm}:${name}`).find(isDigest);

export const isBlobName = (name: string): boolean => digestOfName(name) !== undefined;

/** The folders in a root of buckets; files, and folders that cannot be buckets, are not ours. */
export async function listBucketFolders(root: string): Promise<string[]> {
  const entries = (await readdir(root, { withFileTypes: true }).catch(undefinedWhenMissing)) ?? [];
  return entries
    .filter((entry) => entry.isDirectory() && bucketPattern.test(entry.name))
    .map(({ name }) => name);
}

const bucketPattern = /^[a-z0-9-]+$/;

const isOurs = (name: string): boolean => isBlobName(name) || isTemporary(name);

export function bucketFolder(root: string, bucket: string): string {
  if (!bucketPattern.test(bucket)) throw new Error(`'${bucket}' cannot name a bucket.`);
  return join(root, bucket);
}

const openFile = promisify(open);
const readFile = promisify(read);

/** Nothing was written through it, so that nothing depends on how it is closed. */
const closeUnread = (file: number): void => close(file, () => undefined);

const openBlob = (file: number, blob: StoredBlob): OpenBlob => ({
  ...blob,
  readInto: async (buffer, position) => {
    let filled = 0;
    while (filled < buffer.length) {
      const rest = buffer.length - filled;
      const { bytesRead } = await readFile(file, buffer, filled, rest, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  },
  close: () => closeUnread(file),
});

export function createFolderBlobs(root: string, intactFiles: IntactFiles): BlobStore {
  return {
    stat: async (bucket, digest) => {
      const file = blobFile(root, bucket, digest);
      const found = await stat(file, { bigint: true }).catch(undefinedWhenMissing);
      if (!found?.isFile() || !(await intactFiles.isIntact(file, digest, found))) return undefined;
      return { digest, size: Number(found.size), writtenAt: found.mtime };
    },
    open: async (bucket, digest) => {
      const path = blobFile(root, bucket, digest);
      const file = await openFile(path, 'r').catch(undefinedWhenMissing);
      if (file === undefined) return undefined;
      try {
        // The kernel has what it answers in memory, since the file is open.
        const found = fstatSync(file, { bigint: true });
        if (found.isFile() && (await intactFiles.isIntact(path, digest, found))) {
          return openBlob(file, { digest, size: Number(found.size), writtenAt: found.mtime });
        }
      } catch (error) {
        closeUnread(file);
        throw error;
      }
      closeUnread(file);
      return undefined;
    },
    read: async (bucket, digest, range) => createReadStream(blobFile(root, bucket, digest), range),
    put: async (bucket, digest, bytes) => {
      const file = blobFile(root, bucket, digest);
      await ensureFolder(bucketFolder(root, bucket));
      await writeDurably(file, bytes);
      intactFiles.remember(file, await stat(file, { bigint: true }));
    },
    list: async (bucket) => {
      const folder = bucketFolder(root, bucket);
      const names = (await readdir(folder).catch(undefinedWhenMissing)) ?? [];
      const found = await Promise.all(
        names.map(async (name) => {
          const digest = digestOfName(name);
          const file = digest && (await stat(join(folder, name)).catch(undefinedWhenMissing));
          return digest && file ? [{ digest, size: file.size }] : [];
        }),
      );
      return found.flat();
    },
    expire: async (bucket, before, isKept) => {
      const folder = bucketFolder(root, bucket);
      const names = (await readdir(folder).catch(undefinedWhenMissing)) ?? [];
      let expired = 0;
      for (const name of names) {
        const digest = digestOfName(name);
        if (digest === undefined ? !isTemporary(name) : isKept(digest)) continue;
        const { mtime } = await stat(join(folder, name));
        if (mtime >= before) continue;
        await rm(join(folder, name));
        if (digest !== undefined) expired += 1;
      }
      return { expired, left: names.filter(isBlobName).length - expired };
    },
    listBuckets: async () => (await listBucketFolders(root)).sort(),
    dropBucket: async (bucket) => {
      const folder = bucketFolder(root, bucket);
      const names = (await readdir(folder).catch(undefinedWhenMissing)) ?? [];
      for (const name of names.filter(isOurs)) await rm(join(folder, name), { force: true });
      await rmdir(folder).catch((error: unknown) => {
        // What is left in it is not ours.
        if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'ENOENT')) throw error;
      });
    },
  };
}
