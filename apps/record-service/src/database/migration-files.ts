import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One folder of `prisma/migrations`. */
export interface Migration {
  /** The folder's name: `<timestamp>_<what>`; the order of names is the order of application. */
  readonly name: string;
  readonly sql: string;
  /** sha256 of `sql` in hex, as Prisma records it. */
  readonly checksum: string;
}

export const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');

/**
 * Reads `<folder>/<name>/migration.sql` of every migration, in order of name.
 * Line ends are read as LF, so that a checkout on Windows has the same checksums.
 */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const text = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      const sql = text.replaceAll('\r\n', '\n');
      return { name, sql, checksum: checksumOf(sql) };
    }),
  );
}
