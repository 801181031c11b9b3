import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError, type Logger } from '@typerush/service-kit';
import { type Connection } from './connection';
import { isUnreachable, reasonOf } from './unreachable';

export interface RetryOptions {
  connect: () => Promise<Connection>;
  /** How long to keep trying, in ms. */
  limitMs: number;
  logger: Logger;
  /** Ends the wait between two attempts. */
  signal: AbortSignal;
}

const firstDelayMs = 250;
const longestDelayMs = 5_000;

/**
 * Connects to a database that may still be starting: tries again, ever less often, while the failure is one that passes.
 *
 * @throws ServiceError DATABASE_UNREACHABLE when the limit is over, DATABASE_REFUSED for a failure that waiting does not cure
 */
export async function connectWithRetry(options: RetryOptions): Promise<Connection> {
  const { connect, limitMs, logger, signal } = options;
  const giveUpAt = performance.now() + limitMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ServiceError) throw error;
      const reason = reasonOf(error);
      if (!isUnreachable(error)) throw refused(reason, error);
      const delayMs = Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs);
      if (performance.now() + delayMs > giveUpAt) throw unreachable(limitMs, reason, error);
      logger.warn({ attempt, reason, delayMs }, 'database does not answer yet');
      await delay(delayMs, undefined, { signal });
    }
  }
}

function unreachable(limitMs: number, reason: string, cause: unknown): ServiceError {
  return new ServiceError(
    'DATABASE_UNREACHABLE',
    `The database did not answer within ${limitMs / 1000} s: ${reason}. ` +
      'Check that it runs, that DATABASE_URL names it, and that the network lets this service reach it.',
    { cause },
  );
}

function refused(reason: string, cause: unknown): ServiceError {
  return new ServiceError(
    'DATABASE_REFUSED',
    `The database cannot be used: ${reason}. Check the user, the password and the database name in DATABASE_URL, or PGLITE_DIR.`,
    { cause },
  );
}
