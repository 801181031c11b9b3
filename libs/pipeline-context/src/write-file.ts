import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { storageError } from '@typerush/oci';

/** Writes a file that is either whole or as it was. @throws OciError `DISK_FULL`, `FOLDER_UNWRITABLE` */
export async function writeText(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, text);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw storageError(folder, error);
  }
}

/** The same for a document. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeText(file, `${JSON.stringify(value, null, 2)}\n`);
}
