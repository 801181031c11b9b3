import pino, { type DestinationStream, type Logger } from 'pino';
import { type LogLevel } from './config-variables';
import { requestContext } from './request-context';

export type { Logger };

const secretNames = [
  'authorization',
  'Authorization',
  'cookie',
  'Cookie',
  'set-cookie',
  'token',
  'accessToken',
  'refreshToken',
  'sessionToken',
  'secret',
  'SESSION_SECRET',
  'password',
];

/** pino matches a path at one depth only, so each name is listed at the depths a log call reaches. */
const secretPaths = secretNames.flatMap((name) => [
  `["${name}"]`,
  `*["${name}"]`,
  `*.*["${name}"]`,
  `*.*.*["${name}"]`,
]);

/**
 * JSON lines on stdout: `level` (a word), `time` (ISO 8601), `service`, `msg`, the call's fields, and the
 * id of the request or socket from `requestContext`. Messages are constants; values are fields:
 * `logger.info({ playerId }, 'session created')`. Secrets by their usual names are replaced by [redacted].
 *
 * @param options.destination of the lines; default: stdout
 */
export function createLogger(options: {
  service: string;
  level: LogLevel;
  destination?: DestinationStream;
}): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => ({ ...requestContext.getStore() }),
    redact: { paths: secretPaths, censor: '[redacted]' },
  };
  // Synchronous: an asynchronous stream loses the order of the last lines when the process exits.
  return pino(settings, options.destination ?? pino.destination({ dest: 1, sync: true }));
}
