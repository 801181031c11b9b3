import { writeFile } from 'node:fs/promises';
import { replaceFile } from '@typerush/oci';

/** Writes a file that is complete or as it was. @throws OciError `DISK_FULL`, `FOLDER_UNWRITABLE` */
export async function writeText(file: string, text: string): Promise<void> {
  await replaceFile(file, (draft) => writeFile(draft, text));
}

/** The same for a JSON document. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeText(file, `${JSON.stringify(value, null, 2)}\n`);
}
