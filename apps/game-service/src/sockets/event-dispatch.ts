import { type Session, type SocketReply } from '@typerush/contracts';
import { type Logger, parseRequest, requestContext, ServiceError } from '@typerush/service-kit';
import { socketErrorOf } from './socket-errors';
import { type EventName, type SocketEvents } from './socket-events';
import { type SocketMetrics } from './socket-metrics';
import { type TokenBucket } from './token-bucket';

export interface DispatchOptions {
  events: SocketEvents;
  metrics: SocketMetrics;
  logger: Logger;
}

/** The player's end of a socket. */
export interface Caller {
  id: string;
  session: Session;
  budget: TokenBucket;
}

/**
 * Takes every event that a client sends, known or not, and answers through its acknowledgement; one without an
 * acknowledgement is dropped. Never throws.
 */
export function dispatchEvent(
  options: DispatchOptions,
  caller: Caller,
  [name, ...args]: unknown[],
): void {
  requestContext.run({ socketId: caller.id }, () => {
    const acknowledge = args.at(-1);
    const event = isKnown(options.events, name) ? name : 'unknown';
    if (typeof acknowledge !== 'function') {
      options.metrics.events.inc({ event, outcome: 'unacknowledged' });
      return options.logger.debug({ event }, 'event without acknowledgement dropped');
    }
    const reply = replyTo(options, caller, name, args.slice(0, -1));
    options.metrics.events.inc({ event, outcome: reply.ok ? 'ok' : reply.error.code });
    acknowledge(reply);
  });
}

function replyTo(
  { events, logger }: DispatchOptions,
  { session, budget }: Caller,
  name: unknown,
  payloads: unknown[],
): SocketReply<object> {
  try {
    if (!budget.take()) throw new ServiceError('RATE_LIMITED', 'Too many events. Slow down.');
    if (!isKnown(events, name)) throw new ServiceError('UNKNOWN_EVENT', 'There is no such event.');
    if (payloads.length !== 1) {
      throw new ServiceError('INVALID_REQUEST', 'An event carries one payload: an object.');
    }
    const event = events[name];
    return event.answer(parseRequest(event.schema, payloads[0]), session);
  } catch (error) {
    return { ok: false, error: socketErrorOf(error, logger) };
  }
}

function isKnown(events: SocketEvents, name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(events, name);
}
