import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { writeDurably } from './durable-file';
import { undefinedWhenMissing } from './missing-file';

/** A lock that has not been renewed for this long belongs to a process that was killed. */
const staleAfterMs = 4000;
const renewEveryMs = 1000;

export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly code = 'DATA_FOLDER_IN_USE';

  constructor(folder: string, owner: number | undefined, cause: unknown) {
    super(
      `Another ecr-local${owner === undefined ? '' : ` (process ${owner})`} works on ${folder}. ` +
        'Stop it, or set ECR_LOCAL_DATA to another folder.',
      { cause },
    );
  }
}

/**
 * One process per data folder. A killed owner's lock is taken over once it is stale; a living owner is told at once by
 * its process id. `onLost`: another process has taken the folder, because this one stood still for too long.
 */
export async function lockFolder(folder: string, onLost: (error: Error) => void) {
  const ownerFile = join(folder, 'owner');
  for (let attempt = 0; ; attempt += 1) {
    try {
      const release = await lock(folder, {
        lockfilePath: join(folder, 'lock'),
        stale: staleAfterMs,
        update: renewEveryMs,
        onCompromised: onLost,
      });
      await writeDurably(ownerFile, String(process.pid));
      return release;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
      const owner = Number(await readFile(ownerFile, 'utf8').catch(undefinedWhenMissing));
      if (isAlive(owner) || attempt * 250 > staleAfterMs + 2 * renewEveryMs) {
        throw new DataFolderInUseError(folder, owner || undefined, error);
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
