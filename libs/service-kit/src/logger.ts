import pino from 'pino';
import { type LogLevel } from './config-variables';
import { requestContext } from './request-context';

/** Without pino's child loggers: their fields would pass by the search for secrets. */
export type Logger = Pick<pino.Logger, LogLevel>;

const secretNames = new Set([
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
]);

/** How deep the fields of a call, or of an error, are written. */
const depthLimit = 6;

/**
 * The value without secrets, and without what is deeper than the limit; the value itself if nothing is to be replaced.
 * pino's own `redact` needs a path for each name at each depth, and took a sixth of the processor time of a request.
 */
function withoutSecrets<T>(value: T, depth = depthLimit): T {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date || ArrayBuffer.isView(value)) return value;
  if (depth === 0) return '[Object]' as T;
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return withoutSecrets((value as { toJSON(): T }).toJSON(), depth - 1);
  }
  let redacted: Record<string, unknown> | undefined;
  for (const [name, old] of Object.entries(value)) {
    const replaced: unknown = secretNames.has(name)
      ? '[redacted]'
      : withoutSecrets<unknown>(old, depth - 1);
    if (replaced === old) continue;
    redacted ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    redacted[name] = replaced;
  }
  return (redacted as T | undefined) ?? value;
}

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
  destination?: pino.DestinationStream;
}): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: (fields) => withoutSecrets(fields) },
    serializers: { err: (error: Error) => withoutSecrets(pino.stdSerializers.err(error)) },
    mixin: () => ({ ...requestContext.getStore() }),
  };
  // Synchronous: an asynchronous stream loses the order of the last lines when the process exits.
  return pino(settings, options.destination ?? pino.destination({ dest: 1, sync: true }));
}
