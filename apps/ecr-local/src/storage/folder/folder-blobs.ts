import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobStore, type StoredBlob } from '../blob-store';
import { isDigest } from '../digest';
import { undefinedWhenMissing } from './missing-file';

/** The path of a blob: `<root>/<bucket>/<64 hex>`. Neither part can name anything above the root. */
export function blobFile(root: string, bucket: string, digest: string): string {
  if (!isDigest(digest)) throw new Error(`'${digest}' is not a sha256 digest.`);
  return join(bucketFolder(root, bucket), digest.slice('sha256:'.length));
}

export function bucketFolder(root: string, bucket: string): string {
  if (!/^[a-z0-9-]+$/.test(bucket)) throw new Error(`'${bucket}' cannot name a bucket.`);
  return join(root, bucket);
}

async function statBlob(file: string, digest: string): Promise<StoredBlob | undefined> {
  const found = await stat(file).catch(undefinedWhenMissing);
  return found && { digest, size: found.size, writtenAt: found.mtime };
}

export function createFolderBlobs(root: string): BlobStore {
  return {
    stat: (bucket, digest) => statBlob(blobFile(root, bucket, digest), digest),
    read: async (bucket, digest, range) => createReadStream(blobFile(root, bucket, digest), range),
    list: async (bucket) => {
      const names = (await readdir(bucketFolder(root, bucket)).catch(undefinedWhenMissing)) ?? [];
      const digests = names.map((name) => `sha256:${name}`).filter(isDigest);
      const found = await Promise.all(
        digests.map((digest) => statBlob(blobFile(root, bucket, digest), digest)),
      );
      return found.filter((blob) => blob !== undefined);
    },
    delete: (bucket, digest) => rm(blobFile(root, bucket, digest), { force: true }),
    listBuckets: async () => ((await readdir(root).catch(undefinedWhenMissing)) ?? []).sort(),
    dropBucket: (bucket) => rm(bucketFolder(root, bucket), { recursive: true, force: true }),
  };
}
