import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type PGlite } from '@electric-sql/pglite';
import { ServiceError } from '@typerush/service-kit';
import { type Connection } from './connection';
import { lockFolder } from './folder-lock';
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
