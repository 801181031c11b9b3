import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeDurably } from '@typerush/service-kit';
import { undefinedWhenMissing } from './missing-file';

export const secretBytes = 32;

/** The secret in the file, made if there is none. A shorter one would sign tokens that anybody can forge. */
export async function readOrMakeSecret(file: string): Promise<Uint8Array> {
  const kept = await readFile(file).catch(undefinedWhenMissing);
  if (!kept) {
    const made = randomBytes(secretBytes);
    await writeDurably(file, made);
    return made;
  }
  if (kept.length === secretBytes) return kept;
  throw new Error(
    `Invalid token secret ${file}: it has ${kept.length} bytes instead of ${secretBytes}.\n` +
      'Fix: restore the file, or remove it; then every docker login has to be repeated.',
  );
}
