import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { writeDurably } from '@typerush/service-kit';
import { hasCode, undefinedWhenMissing } from './missing-file';

/** A lock that has not been renewed for this long belongs to a process that was killed. */
const staleAfterMs = 3000;
const renewEveryMs = 1000;
const retryEveryMs = 250;

export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly code = 'DATA_FOLDER_IN_USE';

  constructor(folder: string, owner: string, cause: unknown) {
    super(
      `Another ecr-local (process ${owner}) works on ${folder}. ` +
        'Stop it, or set ECR_LOCAL_DATA to another folder.',
      { cause },
    );
  }
}

/**
 * One process per data folder. Waits as long as a killed owner's lock takes to go stale, and takes it over then; an owner that
 * still renews it keeps it (DataFolderInUseError). The process id is not sufficient: a killed process that no parent has
 * waited for still has one.
 *
 * @param onLost Another process has taken the folder, because this one was suspended for too long.
 * @returns what gives the folder up
 */
export async function lockFolder(
  folder: string,
  onLost: (error: Error) => void,
): Promise<() => Promise<void>> {
  const ownerFile = join(folder, 'owner');
  const attempts = Math.ceil((staleAfterMs + renewEveryMs) / retryEveryMs) + 1;
  for (let attempt = 1; ; attempt += 1) {
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
      if (!hasCode(error, 'ELOCKED')) throw error;
      if (attempt >= attempts) {
        const owner = (await readFile(ownerFile, 'utf8').catch(undefinedWhenMissing)) ?? 'unknown';
        throw new DataFolderInUseError(folder, owner, error);
      }
      await delay(retryEveryMs);
    }
  }
}
