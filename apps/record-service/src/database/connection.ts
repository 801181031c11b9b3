import { type Prisma } from '../generated/client';
import { type SqlSession } from './sql-session';

/** A PostgreSQL that answers: a server, or one embedded in this process. */
export interface Connection {
  /** What Prisma's client sends its queries through. */
  readonly adapter: NonNullable<Prisma.PrismaClientOptions['adapter']>;
  /** Lends one session for as long as `use` runs. */
  withSession<T>(use: (session: SqlSession) => Promise<T>): Promise<T>;
  /** Ends every session. */
  close(): Promise<void>;
}
