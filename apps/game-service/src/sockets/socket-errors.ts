import { type SocketError } from '@typerush/contracts';
import { type Logger, ServiceError } from '@typerush/service-kit';

/** What a client may learn about an error on its socket. What it may not is logged. */
export function socketErrorOf(error: unknown, logger: Logger): SocketError {
  if (error instanceof ServiceError) return { code: error.code, message: error.message };
  logger.error({ err: error }, 'socket event failed');
  return { code: 'INTERNAL', message: 'Something went wrong on our side. Try again.' };
}
