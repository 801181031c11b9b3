import { randomUUID } from 'node:crypto';
import { ServiceError } from '@typerush/service-kit';
import { type Migration } from './migration-files';
import { type SqlSession } from './sql-session';

/** The lock that Prisma's own engine takes, so that `prisma migrate deploy` and this migrator wait for each other. */
const lockId = 72707369;
const lockTimeoutMs = 60_000;
/** SQLSTATE lock_not_available, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const lockNotAvailable = '55P03';

/** Prisma's own table, with its eight columns. */
const createHistory = `CREATE TABLE "_prisma_migrations" (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

interface HistoryRow {
  migration_name: string;
  checksum: string;
  finished: boolean;
}

export interface MigrationReport {
  /** Names of the migrations that this run applied, in order. */
  readonly applied: string[];
  /** Names that the database has and this build has not: a newer version ran here before. */
  readonly unknown: string[];
}

/**
 * Applies what the database lacks, each migration in a transaction of its own together with its line of history.
 * Any number of instances may call this at once: one works, the others wait and find nothing to do.
 * A statement that cannot run in a transaction (`CREATE INDEX CONCURRENTLY`) cannot be in a migration.
 *
 * @throws MigrationError if an applied migration was edited, one failed before, one fails now, or the lock stays taken.
 */
export async function migrate(
  session: SqlSession,
  migrations: readonly Migration[],
): Promise<MigrationReport> {
  await acquireLock(session);
  try {
    await ensureHistory(session);
    const history = await readHistory(session);
    refuseUnsound(history, migrations);
    const done = new Set(history.map((row) => row.migration_name));
    const applied: string[] = [];
    for (const migration of migrations.filter(({ name }) => !done.has(name))) {
      await apply(session, migration);
      applied.push(migration.name);
    }
    const known = new Set(migrations.map(({ name }) => name));
    return { applied, unknown: [...done].filter((name) => !known.has(name)) };
  } finally {
    // On a connection that broke meanwhile there is nothing to release, and the first error is the one to report.
    await session
      .script(`SELECT pg_advisory_unlock(${lockId}); RESET lock_timeout`)
      .catch(() => undefined);
  }
}

async function acquireLock(session: SqlSession): Promise<void> {
  await session.script(`SET lock_timeout = ${lockTimeoutMs}`);
  try {
    await session.query('SELECT pg_advisory_lock($1)', [lockId]);
  } catch (cause) {
    if ((cause as { code?: string }).code !== lockNotAvailable) throw cause;
    throw new MigrationError(
      'MIGRATION_LOCK_TIMEOUT',
      `Another process has held the migration lock (advisory lock ${lockId}) for ${lockTimeoutMs / 1000} s. ` +
        'Find it in pg_locks; if it hangs, end it, then start again.',
      { cause },
    );
  }
}

/** Not CREATE TABLE IF NOT EXISTS: that needs the privilege to create tables even if there is nothing to create. */
async function ensureHistory(session: SqlSession): Promise<void> {
  const [found] = await session.query<{ exists: boolean }>(
    `SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS exists`,
  );
  if (found?.exists) return;
  try {
    await session.script(createHistory);
  } catch (cause) {
    if (!isForbidden(cause)) throw cause;
    throw await forbidden(session, 'create tables', cause);
  }
}

/** SQLSTATE insufficient_privilege, or no schema in the search path that the role may use (invalid_schema_name). */
const isForbidden = (error: unknown) =>
  ['42501', '3F000'].includes((error as { code?: string }).code ?? '');

async function forbidden(
  session: SqlSession,
  what: string,
  cause: unknown,
): Promise<MigrationError> {
  const [role] = await session.query<{ name: string; schema: string }>(
    `SELECT quote_ident(current_user) AS name, quote_ident(coalesce(current_schema(), 'public')) AS schema`,
  );
  const { name, schema } = role ?? { name: 'the role', schema: 'public' };
  return new MigrationError(
    'MIGRATION_FORBIDDEN',
    `The role ${name} may not ${what} in schema ${schema}: ${(cause as Error).message}. The database was not changed.\n` +
      `Fix: as the owner of the database, run: GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${name};\n` +
      `     or apply the migrations once with a role that owns its tables.`,
    { cause },
  );
}

/** A migration that was rolled back by hand (`prisma migrate resolve --rolled-back`) counts as never applied. */
function readHistory(session: SqlSession): Promise<HistoryRow[]> {
  return session.query<HistoryRow>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
       FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
}

function refuseUnsound(history: readonly HistoryRow[], migrations: readonly Migration[]): void {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, finished } of history) {
    if (!finished) {
      throw new MigrationError(
        'MIGRATION_FAILED_BEFORE',
        `Migration ${name} was started in this database and never finished. Look at its "logs" in _prisma_migrations, repair ` +
          `the schema, then mark it with "prisma migrate resolve --rolled-back ${name}" (or --applied) and start again.`,
        { details: { migration: name } },
      );
    }
    const migration = byName.get(name);
    if (migration && migration.checksum !== checksum) {
      throw new MigrationError(
        'MIGRATION_EDITED',
        `Migration ${name} was edited after it had been applied: its migration.sql has checksum ${migration.checksum}, ` +
          `the database recorded ${checksum}. Restore the file and put the change into a new migration.`,
        { details: { migration: name } },
      );
    }
  }
}

async function apply(session: SqlSession, { name, sql, checksum }: Migration): Promise<void> {
  await session.script('BEGIN');
  try {
    await session.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, clock_timestamp())`,
      [randomUUID(), checksum, name],
    );
    await session.script(sql);
    await session.query(
      `UPDATE "_prisma_migrations" SET finished_at = clock_timestamp(), applied_steps_count = 1
        WHERE migration_name = $1 AND rolled_back_at IS NULL`,
      [name],
    );
    await session.script('COMMIT');
  } catch (cause) {
    await session.script('ROLLBACK').catch(() => undefined);
    if (isForbidden(cause)) throw await forbidden(session, `apply migration ${name}`, cause);
    throw new MigrationError(
      'MIGRATION_FAILED',
      `Migration ${name} failed and was rolled back: ${(cause as Error).message}. The database is as it was before; correct the migration and start again.`,
      { cause, details: { migration: name } },
    );
  }
}

type MigrationErrorCode =
  | 'MIGRATION_EDITED'
  | 'MIGRATION_FORBIDDEN'
  | 'MIGRATION_FAILED_BEFORE'
  | 'MIGRATION_FAILED'
  | 'MIGRATION_LOCK_TIMEOUT';

/** Why the schema could not be brought up to date. Nothing that a failing migration did is kept. */
class MigrationError extends ServiceError {
  constructor(
    code: MigrationErrorCode,
    message: string,
    options?: { cause?: unknown; details?: { migration: string } },
  ) {
    super(code, message, options);
  }
}
