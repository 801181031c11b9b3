import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { storageError } from './errors';
import { makeFolder } from './make-folder';

/**
 * Replaces a file with a draft that `fill` writes in the same folder, which is created. At any moment the file has its old or
 * its new content.
 * @throws as storageError; the error of `fill`
 */
export async function replaceFile(
  file: string,
  fill: (draft: string) => Promise<void>,
): Promise<void> {
  await placeFile(path.dirname(file), fill, () => path.basename(file));
}

/** As replaceFile, for a file whose name depends on its content. @returns the result of `fill` */
export async function placeFile<T>(
  folder: string,
  fill: (draft: string) => Promise<T>,
  nameOf: (filled: T) => string,
): Promise<T> {
  const draft = path.join(folder, `.${randomUUID()}.tmp`);
  try {
    await makeFolder(folder);
    const filled = await fill(draft);
    await rename(draft, path.join(folder, nameOf(filled)));
    return filled;
  } catch (error) {
    throw storageError(folder, error);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
