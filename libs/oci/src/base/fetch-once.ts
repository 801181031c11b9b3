import { mkdir, open as openFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Blob, type BlobStore } from '../blob-store';
import { storageError } from '../errors';
import { DEFAULT_RETRY, withRetry } from '../registry/retry';

const POLL_MS = 50;
/** The owner of a lock touches it this often; the lock is stale if it was not touched for STALE_MS. */
const TOUCH_MS = 1000;
const STALE_MS = 10_000;

/**
 * Fetches a blob into a store that several processes share: one of them fetches it, the others wait. Damaged content is fetched
 * again. If a live lock is mistaken for a stale one, the blob is fetched twice.
 */
export async function fetchOnce(
  blobs: BlobStore,
  blob: Blob,
  open: () => Promise<Readable>,
): Promise<void> {
  if (await blobs.isIntact(blob)) return;
  await withLock(`${blobs.path(blob.digest)}.lock`, async () => {
    if (await blobs.isIntact(blob)) return;
    await blobs.remove(blob.digest);
    await withRetry({ policy: DEFAULT_RETRY }, () => blobs.take(blob, open));
  });
}

async function withLock(lock: string, body: () => Promise<void>): Promise<void> {
  await mkdir(path.dirname(lock), { recursive: true }).catch((error: unknown) => {
    throw storageError(path.dirname(lock), error);
  });
  while (!(await acquire(lock))) await sleep(POLL_MS);
  const touching = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => undefined);
  }, TOUCH_MS);
  try {
    await body();
  } finally {
    clearInterval(touching);
    await rm(lock, { force: true });
  }
}

async function acquire(lock: string): Promise<boolean> {
  try {
    await (await openFile(lock, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw storageError(path.dirname(lock), error);
    }
  }
  const touched = (await stat(lock).catch(() => undefined))?.mtimeMs;
  if (touched !== undefined && Date.now() - touched > STALE_MS) await rm(lock, { force: true });
  return false;
}
