import { type Logger, ServiceError } from '@typerush/service-kit';
import { Prisma, PrismaClient } from '../generated/client';
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

/** Runs a statement, and returns its rows. */
export type Query = <Row>(statement: Prisma.Sql) => Promise<Row[]>;

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
   * Runs queries of the models.
   * @throws ServiceError UNAVAILABLE before `open` is done, after `close`, and while the server is away
   */
  use<T>(queries: (client: PrismaClient) => Promise<T>): Promise<T> {
    return this.#reach(() => this.#client && queries(this.#client));
  }

  /**
   * Runs a statement through the driver itself, which costs less than Prisma's raw queries.
   * @throws as `use`
   */
  query<Row>({ text, values }: Prisma.Sql): Promise<Row[]> {
    return this.#reach(() => this.#ready?.query<Row>(text, values));
  }

  /**
   * Runs statements in one transaction, which is rolled back if `statements` rejects.
   * @throws as `use`
   */
  transaction<T>(statements: (query: Query) => Promise<T>): Promise<T> {
    return this.#reach(() =>
      this.#ready?.transaction((session) =>
        statements(({ text, values }) => session.query(text, values)),
      ),
    );
  }

  /** The connection once it is migrated, and until it is closed. */
  get #ready(): Connection | undefined {
    return this.#client && this.#connection;
  }

  /** @param run returns undefined if there is no database to run on */
  async #reach<T>(run: () => Promise<T> | undefined): Promise<T> {
    const running = run();
    if (!running) throw unavailable();
    try {
      return await running;
    } catch (error) {
      throw isUnreachable(error) ? unavailable(error) : error;
    }
  }

  /** Resolves when a query is answered. */
  async check(): Promise<void> {
    await this.query(Prisma.sql`SELECT 1`);
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
