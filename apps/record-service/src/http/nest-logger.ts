import { type LoggerService } from '@nestjs/common';
import { type Logger } from '@typerush/service-kit';

/** What Nest says about itself, in the service's log. Its notes on routes and modules are for debugging. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (text: unknown) => logger.debug({ text }, 'nest'),
    warn: (text: unknown) => logger.warn({ text }, 'nest'),
    error: (text: unknown) => logger.error({ text }, 'nest'),
  };
}
