import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type PGlite } from '@electric-sql/pglite';
import { ServiceError } from '@typerush/service-kit';
import { lock } from 'proper-lockfile';
import { type Connection } from './connection';
import { type SqlSession } from './sql-session';

/**
 * Loads PostgreSQL that runs inside this process (PGlite). On demand: images leave its packages out, and a service
 * with DATABASE_URL never pays for them.
 *
 * @returns opens the database in a folder, which is made if missing; without a folder, one in memory
 * @throws ServiceError NO_EMBEDDED_DATABASE in a build without the packages
 */
export async function loadEmbedded(): Promise<(folder?: string) => Promise<Connection>> {
  const { PGlite, PrismaPGlite } = await loadPackages();
  return async (folder) => {
    const unlock = folder ? await lockFolder(folder) : undefined;
    try {
      const database = await PGlite.create(folder);
      return {
        adapter: new PrismaPGlite(database),
        query: sessionOf(database).query,
        transaction: (use) => database.transaction((session) => use(queryOf(session))),
        withSession: (use) => use(sessionOf(database)),
        close: async () => {
          await database.close();
          await unlock?.();
        },
      };
    } catch (error) {
      await unlock?.();
      throw error;
    }
  };
}

const queryOf = (database: Pick<PGlite, 'query'>): Pick<SqlSession, 'query'> => ({
  query: async <Row>(sql: string, parameters?: unknown[]) =>
    (await database.query<Row>(sql, parameters)).rows,
});

const sessionOf = (database: PGlite): SqlSession => ({
  ...queryOf(database),
  script: async (sql) => {
    await database.exec(sql);
  },
});

async function loadPackages() {
  try {
    const [{ PGlite }, { PrismaPGlite }] = await Promise.all([
      import('@electric-sql/pglite'),
      import('pglite-prisma-adapter'),
    ]);
    return { PGlite, PrismaPGlite };
  } catch (error) {
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new ServiceError(
      'NO_EMBEDDED_DATABASE',
      'DATABASE_URL is not set, and this build carries no embedded database. ' +
        'Set DATABASE_URL to postgresql://user:password@host:5432/database and start again.',
      { cause: error },
    );
  }
}

/** A lock that has not been renewed for this long belongs to a process that was killed. The database may block for seconds. */
const staleAfterMs = 10_000;
const renewEveryMs = 2_000;
const retryEveryMs = 250;

/**
 * Takes the folder for this process: two that write one embedded database would destroy it. Waits as long as the lock of a
 * killed owner takes to go stale; a process id proves nothing, since another process may have it by now. If this process
 * is suspended for so long that another one takes the folder, it crashes rather than writes.
 *
 * @returns gives the folder back
 * @throws ServiceError FOLDER_IN_USE
 */
async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(dirname(folder), { recursive: true });
  const ownerFile = `${folder}.owner`;
  const giveUpAt = performance.now() + staleAfterMs + renewEveryMs;
  for (;;) {
    try {
      const release = await lock(folder, {
        lockfilePath: `${folder}.lockdir`,
        // The folder need not exist yet.
        realpath: false,
        stale: staleAfterMs,
        update: renewEveryMs,
      });
      await writeFile(ownerFile, `${process.pid}\n`);
      return async () => {
        await rm(ownerFile, { force: true });
        await release();
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (performance.now() > giveUpAt) throw inUse(folder, await ownerOf(ownerFile), error);
      await delay(retryEveryMs);
    }
  }
}

async function ownerOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^\d+$/.exec(text.trim())?.[0] ?? 'unknown';
}

function inUse(folder: string, owner: string, cause: unknown): ServiceError {
  return new ServiceError(
    'FOLDER_IN_USE',
    `The embedded database in ${folder} is in use by process ${owner}. Stop that process, or set PGLITE_DIR to another folder.`,
    { cause },
  );
}
