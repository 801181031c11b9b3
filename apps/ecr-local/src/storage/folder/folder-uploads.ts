import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type UploadStore } from '../blob-store';
import { algorithmOf, digestOfStream } from '../digest';
import { createKeyedMutex } from '../keyed-mutex';
import { appendToFile } from './append-to-file';
import { blobFile, bucketFolder, listBucketFolders } from './folder-blobs';
import { ensureFolder, syncFolder } from '@typerush/service-kit';
import { type IntactFiles } from './intact-files';
import { isMissing, undefinedWhenMissing } from './missing-file';

export const isUploadId = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** The uploads whose hash is kept; the file of a forgotten one is read again in the end. */
const rememberedUploads = 1_000;

/** What is in the file of an upload that this process has written from its first byte. */
interface Progress {
  size: number;
  readonly sha256: Hash;
}

/** One file per upload, `<root>/<bucket>/<id>`, which becomes the blob by a rename. */
export function createFolderUploads(
  root: string,
  blobRoot: string,
  intactFiles: IntactFiles,
): UploadStore {
  const inTurn = createKeyedMutex();
  const progress = new Map<string, Progress>();
  const fileOf = (bucket: string, uploadId: string) =>
    isUploadId(uploadId) ? join(bucketFolder(root, bucket), uploadId) : undefined;

  const sizeOf = async (file: string | undefined) => {
    if (file === undefined) return undefined;
    return progress.get(file)?.size ?? (await stat(file).catch(undefinedWhenMissing))?.size;
  };
  const digestOfFile = async (file: string, digest: string) => {
    const algorithm = algorithmOf(digest);
    const known = progress.get(file);
    if (known && algorithm === 'sha256') return `sha256:${known.sha256.copy().digest('hex')}`;
    return digestOfStream(createReadStream(file), algorithm);
  };
  const remove = async (file: string) => {
    progress.delete(file);
    await rm(file);
  };

  return {
    begin: async (bucket) => {
      const folder = bucketFolder(root, bucket);
      const uploadId = randomUUID();
      const file = join(folder, uploadId);
      const create = () => open(file, 'wx', 0o600);
      const handle = await create().catch(async (error: unknown) => {
        if (!isMissing(error)) throw error;
        await ensureFolder(folder);
        return create();
      });
      await handle.close();
      progress.set(file, { size: 0, sha256: createHash('sha256') });
      const [oldest] = progress.keys();
      if (progress.size > rememberedUploads && oldest !== undefined) progress.delete(oldest);
      return uploadId;
    },
    size: (bucket, uploadId) => sizeOf(fileOf(bucket, uploadId)),
    append: (bucket, uploadId, offset, bytes) =>
      inTurn(`${bucket}/${uploadId}`, async () => {
        const file = fileOf(bucket, uploadId);
        const start = await sizeOf(file);
        if (file === undefined || start === undefined) return undefined;
        if (offset !== undefined && offset !== start) return 'out-of-order';
        try {
          return start + (await appendTo(file, bytes, progress.get(file)));
        } catch (error) {
          // If a write failed, only the file knows how much of it is there.
          progress.delete(file);
          if (isMissing(error)) return undefined;
          throw error;
        }
      }),
    commit: (bucket, uploadId, digest) =>
      inTurn(`${bucket}/${uploadId}`, async () => {
        const file = fileOf(bucket, uploadId);
        if (file === undefined || (await sizeOf(file)) === undefined) return 'unknown-upload';
        try {
          if ((await digestOfFile(file, digest)) !== digest) {
            await remove(file);
            return 'digest-mismatch';
          }
          const blob = blobFile(blobRoot, bucket, digest);
          await moveIntoFolder(file, blob);
          progress.delete(file);
          intactFiles.remember(blob, statSync(blob, { bigint: true }));
          return 'stored';
        } catch (error) {
          if (isMissing(error)) return 'unknown-upload';
          throw error;
        }
      }),
    cancel: (bucket, uploadId) =>
      inTurn(`${bucket}/${uploadId}`, async () => {
        const file = fileOf(bucket, uploadId);
        if (file === undefined || (await sizeOf(file)) === undefined) return false;
        await remove(file);
        return true;
      }),
    list: async () => {
      const found = [];
      for await (const { bucket, uploadId, size } of uploadFiles(root)) {
        found.push({ bucket, uploadId, size });
      }
      return found;
    },
    expire: async (before) => {
      let expired = 0;
      for await (const { bucket, uploadId, file, mtime } of uploadFiles(root)) {
        if (mtime >= before) continue;
        // A client may have resumed it meanwhile.
        await inTurn(`${bucket}/${uploadId}`, async () => {
          const found = await stat(file).catch(undefinedWhenMissing);
          if (!found || found.mtime >= before) return;
          await remove(file);
          expired += 1;
        });
      }
      return expired;
    },
  };
}

/** The files of all uploads. One that ends meanwhile is left out. */
async function* uploadFiles(root: string) {
  for (const bucket of await listBucketFolders(root)) {
    const folder = bucketFolder(root, bucket);
    for (const uploadId of (await readdir(folder)).filter(isUploadId)) {
      const file = join(folder, uploadId);
      const found = await stat(file).catch(undefinedWhenMissing);
      if (found) yield { bucket, uploadId, file, size: found.size, mtime: found.mtime };
    }
  }
}

/** How many bytes were added. */
async function appendTo(
  file: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  progress: Progress | undefined,
): Promise<number> {
  let added = 0;
  await appendToFile(file, bytes, (chunk) => {
    added += chunk.length;
    if (!progress) return;
    progress.size += chunk.length;
    progress.sha256.update(chunk);
  });
  return added;
}

/** Durably. The folder is there but for its first file. */
async function moveIntoFolder(from: string, to: string): Promise<void> {
  const folder = dirname(to);
  await rename(from, to).catch(async (error: unknown) => {
    if (!isMissing(error)) throw error;
    await ensureFolder(folder);
    await rename(from, to);
  });
  await syncFolder(folder);
}
