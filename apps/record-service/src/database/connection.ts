import { type Prisma } from '../generated/client';
import { type SqlSession } from './sql-session';

/** A PostgreSQL that answers: a server, or one embedded in this process. */
export interface Connection {
  /** What Prisma's client sends its queries through. */
  readonly adapter: NonNullable<Prisma.PrismaClientOptions['adapter']>;
  /** Runs one statement on any session. */
  readonly query: SqlSession['query'];
  /** Runs statements in one transaction, which is rolled back if `use` rejects. */
  transaction<T>(use: (session: Pick<SqlSession, 'query'>) => Promise<T>): Promise<T>;
  /** Lends one session for as long as `use` runs. */
  withSession<T>(use: (session: SqlSession) => Promise<T>): Promise<T>;
  /** Ends every session. */
  close(): Promise<void>;
}
