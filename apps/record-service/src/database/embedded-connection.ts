import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type PGlite } from '@electric-sql/pglite';
import { ServiceError } from '@typerush/service-kit';
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
    const unlock = folder ? await claim(folder) : undefined;
    try {
      const database = await PGlite.create(folder);
      return {
        adapter: new PrismaPGlite(database),
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

async function claim(folder: string): Promise<() => Promise<void>> {
  await mkdir(dirname(folder), { recursive: true });
  return lockFolder(folder);
}

const sessionOf = (database: PGlite): SqlSession => ({
  query: async <Row>(sql: string, parameters?: unknown[]) =>
    (await database.query<Row>(sql, parameters)).rows,
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

/**
 * Takes `<folder>.lock` for this process: two that write one embedded database would destroy it. The lock of a process
 * that is gone is taken over.
 *
 * @returns gives the lock back
 * @throws ServiceError FOLDER_IN_USE
 */
async function lockFolder(folder: string): Promise<() => Promise<void>> {
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
    // Signal 0 is never delivered; it only checks for the process.
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
