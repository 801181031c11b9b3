import { PrismaPg } from '@prisma/adapter-pg';
import { Socket } from 'node:net';
import { Client, type ClientBase, Pool, type PoolClient } from 'pg';
import { type Connection } from './connection';
import { type SqlSession } from './sql-session';

export interface PostgresOptions {
  /** `postgresql://user:password@host:port/database?sslmode=...` */
  readonly url: string;
  /** At most so many connections at once. */
  readonly poolSize: number;
  /** Told of an idle connection that broke; the pool replaces it. */
  readonly onError: (error: Error) => void;
  /**
   * How long a connection may be without an answer, in ms; longer than a statement may run.
   *
   * @default 20000
   */
  readonly silenceLimitMs?: number;
}

/** How long a request waits for a connection, and how long one statement may run. */
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 15_000;
/** The server cannot cancel a statement if it is frozen or the network loses packets. */
const silenceLimitMs = 20_000;

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
    stream: () => socketThatMustAnswer(options.silenceLimitMs ?? silenceLimitMs),
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
    query: async (sql, parameters) => (await pool.query(sql, parameters)).rows,
    transaction: (use) => transaction(pool, use),
    withSession: (use) => withSession(options.url, use),
    close: () => pool.end(),
  };
}

/**
 * Breaks the connection if nothing arrives for so long, so that it leaves the pool: a query that is only abandoned would
 * keep it. The pool itself ends idle connections earlier (after 10 s).
 */
function socketThatMustAnswer(limitMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(limitMs, () => {
    socket.destroy(
      Object.assign(new Error(`timeout: the database sent nothing for ${limitMs} ms`), {
        code: 'ETIMEDOUT',
      }),
    );
  });
  return socket;
}

async function transaction<T>(pool: Pool, use: (session: SqlSession) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Lost between two statements: the next one fails. The pool listens only to idle connections.
  client.on('error', ignore);
  let canBeUsedAgain = true;
  try {
    await client.query('BEGIN');
    const result = await use(sessionOf(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    canBeUsedAgain = await rollBack(client);
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(!canBeUsedAgain);
  }
}

/** Returns false if the connection is lost. */
async function rollBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

const ignore = () => undefined;

/** A connection outside the pool: a migration may take longer than a request's statement, and no lock outlives its use. */
async function withSession<T>(url: string, use: (session: SqlSession) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'record-service',
    keepAlive: true,
  });
  // A lost connection rejects the query that runs.
  client.on('error', ignore);
  await client.connect();
  try {
    await client.query(sessionSettings);
    return await use(sessionOf(client));
  } finally {
    await client.end().catch(() => undefined);
  }
}

const sessionOf = (client: ClientBase): SqlSession => ({
  query: async (sql, parameters) => (await client.query(sql, parameters)).rows,
  script: async (sql) => {
    await client.query(sql);
  },
});
