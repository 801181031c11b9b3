import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { storageError } from './errors';

/** Creates a folder and those above it. @throws as storageError */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw storageError(folder, await reasonOf(folder, error));
  }
}

/** In a read-only file system Node reports that the folder does not exist: the one above it has the reason. */
async function reasonOf(folder: string, error: unknown): Promise<unknown> {
  const parent = path.dirname(folder);
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) return error;
  try {
    await access(parent, constants.W_OK);
    return error;
  } catch (reason) {
    return reasonOf(parent, reason);
  }
}
