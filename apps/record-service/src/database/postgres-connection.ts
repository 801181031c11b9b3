import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type PoolClient } from 'pg';
import { type Connection } from './connection';
import { type SqlSession } from './sql-session';

export interface PostgresOptions {
  /** `postgresql://user:password@host:port/database?sslmode=...` */
  readonly url: string;
  /** At most so many connections at once. */
  readonly poolSize: number;
  /** Told of an idle connection that broke; the pool replaces it. */
  readonly onError: (error: Error) => void;
}

/** How long a request waits for a connection, and how long one statement may run. */
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 15_000;

/** Prisma's adapter reads every date as ISO in UTC, regardless of the server's settings. */
const sessionSettings = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'";

/**
 * Opens a pool and proves it with one connection.
 * @throws the driver's or the network's error, its `code` kept
 */
export async function connectPostgres(options: PostgresOptions): Promise<Connection> {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: 'record-service',
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(sessionSettings);
    },
  });
  pool.on('error', options.onError);
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    adapter: new PrismaPg(pool, { onConnectionError: options.onError }),
    withSession: (use) => withSession(pool, use),
    close: () => pool.end(),
  };
}

/** The connection is thrown away afterwards, so that no lock and no setting of a session outlives its use. */
async function withSession<T>(pool: Pool, use: (session: SqlSession) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    // A migration may take longer than a request's statement.
    await client.query('SET statement_timeout = 0');
    return await use(sessionOf(client));
  } finally {
    client.release(true);
  }
}

const sessionOf = (client: PoolClient): SqlSession => ({
  query: async (sql, parameters) => (await client.query(sql, parameters)).rows,
  script: async (sql) => {
    await client.query(sql);
  },
});
