import { type Logger, ServiceError } from '@typerush/service-kit';
import { type Prisma, PrismaClient } from '../generated/client';
import { connectWithRetry } from './connect-with-retry';
import { type Connection } from './connection';
import { type Migration } from './migration-files';
import { migrate } from './migrator';
import { isUnreachable } from './unreachable';

export interface DatabaseOptions {
  connect: () => Promise<Connection>;
  migrations: readonly Migration[];
  /** How long `open` waits for a server that does not answer yet, in ms. */
  waitMs: number;
  logger: Logger;
}

/** How long a transaction waits for a connection, and how long it may take. */
const transactionWaitMs = 10_000;
const transactionLimitMs = 20_000;

/**
 * The service's one database. It may be opened after the service listens: until then, and while the server is away,
 * `use` and `check` reject.
 */
export class Database {
  readonly #options: DatabaseOptions;
  readonly #closing = new AbortController();
  #opening: Promise<void> | undefined;
  #connection: Connection | undefined;
  #client: PrismaClient | undefined;

  constructor(options: DatabaseOptions) {
    this.#options = options;
  }

  /**
   * Connects, waiting for the server if need be, and applies the migrations that it lacks.
   * @throws ServiceError DATABASE_UNREACHABLE or DATABASE_REFUSED, MigrationError; an AbortError when closed meanwhile
   */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { connect, migrations, waitMs, logger } = this.#options;
    const { signal } = this.#closing;
    const connection = await connectWithRetry({ connect, limitMs: waitMs, logger, signal });
    this.#connection = connection;
    signal.throwIfAborted();
    const report = await connection.withSession((session) => migrate(session, migrations));
    if (report.unknown.length > 0) {
      logger.warn({ migrations: report.unknown }, 'database is ahead of this version');
    }
    this.#client = new PrismaClient({ adapter: connection.adapter, errorFormat: 'minimal' });
    logger.info({ applied: report.applied }, 'database ready');
  }

  /**
   * Runs queries.
   * @throws ServiceError UNAVAILABLE before `open` is done, after `close`, and while the server is away
   */
  async use<T>(queries: (client: PrismaClient) => Promise<T>): Promise<T> {
    if (!this.#client) throw unavailable();
    try {
      return await queries(this.#client);
    } catch (error) {
      throw isUnreachable(error) ? unavailable(error) : error;
    }
  }

  /**
   * Runs queries in one transaction, which is rolled back if `queries` rejects.
   * @throws as `use`
   */
  transaction<T>(queries: (client: Prisma.TransactionClient) => Promise<T>): Promise<T> {
    return this.use((client) =>
      client.$transaction(queries, { maxWait: transactionWaitMs, timeout: transactionLimitMs }),
    );
  }

  /** Resolves when a query is answered. */
  async check(): Promise<void> {
    await this.use((client) => client.$queryRaw`SELECT 1`);
  }

  /** Ends a running `open` too. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#opening?.catch(() => undefined);
    const client = this.#client;
    this.#client = undefined;
    await client?.$disconnect();
    await this.#connection?.close();
    this.#connection = undefined;
  }
}

function unavailable(cause?: unknown): ServiceError {
  const message = 'The records cannot be reached now. Try again in a moment.';
  return new ServiceError('UNAVAILABLE', message, { cause });
}
