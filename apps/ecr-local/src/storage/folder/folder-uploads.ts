import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type UploadStore } from '../blob-store';
import { algorithmOf, digestOfStream } from '../digest';
import { createKeyedMutex } from '../keyed-mutex';
import { blobFile, bucketFolder, listBucketFolders } from './folder-blobs';
import { ensureFolder, moveDurably, syncFolder } from '@typerush/service-kit';
import { type IntactFiles } from './intact-files';
import { undefinedWhenMissing } from './missing-file';

export const isUploadId = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** One file per upload, `<root>/<bucket>/<id>`, which becomes the blob by a rename. */
export function createFolderUploads(
  root: string,
  blobRoot: string,
  intactFiles: IntactFiles,
): UploadStore {
  const inTurn = createKeyedMutex();
  const fileOf = (bucket: string, uploadId: string) =>
    isUploadId(uploadId) ? join(bucketFolder(root, bucket), uploadId) : undefined;

  const sizeOf = async (bucket: string, uploadId: string) => {
    const file = fileOf(bucket, uploadId);
    return file === undefined ? undefined : (await stat(file).catch(undefinedWhenMissing))?.size;
  };

  return {
    begin: async (bucket) => {
      const folder = bucketFolder(root, bucket);
      const uploadId = randomUUID();
      await ensureFolder(folder);
      await (await open(join(folder, uploadId), 'wx', 0o600)).close();
      await syncFolder(folder);
      return uploadId;
    },
    size: (bucket, uploadId) => sizeOf(bucket, uploadId),
    append: (bucket, uploadId, offset, bytes) =>
      inTurn(`${bucket}/${uploadId}`, async () => {
        const file = fileOf(bucket, uploadId);
        const start = await sizeOf(bucket, uploadId);
        if (!file || start === undefined) return undefined;
        if (offset !== undefined && offset !== start) return 'out-of-order';
        return appendTo(file, bytes);
      }),
    commit: (bucket, uploadId, digest) =>
      inTurn(`${bucket}/${uploadId}`, async () => {
        const file = fileOf(bucket, uploadId);
        if (!file || (await sizeOf(bucket, uploadId)) === undefined) return 'unknown-upload';
        if ((await digestOfStream(createReadStream(file), algorithmOf(digest))) !== digest) {
          await rm(file);
          return 'digest-mismatch';
        }
        await ensureFolder(bucketFolder(blobRoot, bucket));
        const blob = blobFile(blobRoot, bucket, digest);
        await moveDurably(file, blob);
        intactFiles.remember(blob, await stat(blob, { bigint: true }));
        return 'stored';
      }),
    cancel: (bucket, uploadId) =>
      inTurn(`${bucket}/${uploadId}`, async () => {
        const file = fileOf(bucket, uploadId);
        if (!file || (await sizeOf(bucket, uploadId)) === undefined) return false;
        await rm(file);
        return true;
      }),
    expire: (before) => expireUploads(root, before),
  };
}

async function appendTo(
  file: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  const handle = await open(file, 'a');
  try {
    for await (const chunk of bytes) await handle.appendFile(chunk);
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

async function expireUploads(root: string, before: Date): Promise<number> {
  let expired = 0;
  for (const bucket of await listBucketFolders(root)) {
    const folder = bucketFolder(root, bucket);
    for (const name of (await readdir(folder)).filter(isUploadId)) {
      const { mtime } = await stat(join(folder, name));
      if (mtime >= before) continue;
      await rm(join(folder, name));
      expired += 1;
    }
  }
  return expired;
}
