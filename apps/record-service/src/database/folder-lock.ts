import { readFile, rm, writeFile } from 'node:fs/promises';
import { ServiceError } from '@typerush/service-kit';

/**
 * Takes `<folder>.lock` for this process: two that write one embedded database would destroy it. The lock of a process
 * that is gone is taken over.
 *
 * @returns gives the lock back
 * @throws ServiceError FOLDER_IN_USE
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${folder}.lock`;
  const owner = await ownerOf(file);
  if (owner !== undefined && isAlive(owner)) throw inUse(folder, file, owner);
  await rm(file, { force: true });
  try {
    await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw inUse(folder, file, await ownerOf(file));
  }
  return () => rm(file, { force: true });
}

async function ownerOf(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^\d+\n$/.test(text) ? Number(text) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 is never delivered; it only asks.
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(folder: string, file: string, owner: number | undefined): ServiceError {
  return new ServiceError(
    'FOLDER_IN_USE',
    `The embedded database in ${folder} is in use by process ${owner ?? 'unknown'}. Stop that, or set PGLITE_DIR to ` +
      `another folder. If no record-service runs there, delete ${file}.`,
  );
}
