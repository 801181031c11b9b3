import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A rename or a new name is durable only once the folder that holds it is. See fsync(2). */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folder and those above it; each new name is durable. */
export async function ensureFolder(folder: string): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (firstMade === undefined) return;
  for (let made = folder; made.length >= firstMade.length; made = dirname(made)) {
    await syncFolder(dirname(made));
  }
}

export async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

export async function removeDurably(file: string): Promise<void> {
  await rm(file);
  await syncFolder(dirname(file));
}

/** Whether it is the name of a file that is not complete: a killed process may leave one behind. */
export const isTemporary = (name: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(name);

/**
 * The file contains the old text or the new one even after a kill, and the new one once this has resolved.
 *
 * @returns its size in bytes
 */
export async function writeDurably(
  file: string,
  content: string | Uint8Array | Iterable<string>,
): Promise<number> {
  const temporary = join(dirname(file), `${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    let size: number;
    try {
      const parts =
        typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
      ({ size } = await handle.stat());
    } finally {
      await handle.close();
    }
    await moveDurably(temporary, file);
    return size;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes what a killed process left half written in the folder; nothing may be writing there. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isTemporary(name)) await rm(join(folder, name), { force: true });
  }
}
