import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { storageError } from './storage-error';

/**
 * Replaces a file by what `fill` writes into a draft beside it. At any moment the file is complete or as it was before.
 * The folder is created.
 * @throws as storageError; what `fill` throws
 */
export async function replaceFile(
  file: string,
  fill: (draft: string) => Promise<void>,
): Promise<void> {
  await placeFile(path.dirname(file), fill, () => path.basename(file));
}

/** As replaceFile, for a file whose name is known only when it has been written. @returns What `nameOf` gets. */
export async function placeFile<T>(
  folder: string,
  fill: (draft: string) => Promise<T>,
  nameOf: (filled: T) => string,
): Promise<T> {
  const draft = path.join(folder, `.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const filled = await fill(draft);
    await rename(draft, path.join(folder, nameOf(filled)));
    return filled;
  } catch (error) {
    throw storageError(folder, error);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
