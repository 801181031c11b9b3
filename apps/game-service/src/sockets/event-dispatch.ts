import { type SocketReply } from '@typerush/contracts';
import { type Logger, requestContext, ServiceError } from '@typerush/service-kit';
import { type EventBudget } from './event-budget';
import { socketErrorOf } from './socket-errors';
import { type EventName, type SocketCaller, type SocketEvents } from './socket-events';
import { type SocketMetrics } from './socket-metrics';

export interface DispatchOptions {
  events: SocketEvents;
  metrics: SocketMetrics;
  logger: Logger;
}

/**
 * Takes every event that a client sends, known or not, and answers through its acknowledgement; one without an
 * acknowledgement is dropped. Never throws.
 */
export function dispatchEvent(
  options: DispatchOptions,
  caller: SocketCaller,
  budget: EventBudget,
  [name, ...args]: unknown[],
): void {
  const { events, metrics, logger } = options;
  requestContext.run({ socketId: caller.connection }, () => {
    const acknowledge: unknown = args.at(-1);
    const event = isKnown(events, name) ? name : 'unknown';
    if (typeof acknowledge !== 'function') {
      metrics.events.inc({ event, outcome: 'unacknowledged' });
      return logger.debug({ event }, 'event without acknowledgement dropped');
    }
    replyTo(options, caller, budget, name, args.slice(0, -1))
      .then((reply) => {
        metrics.events.inc({ event, outcome: reply.ok ? 'ok' : reply.error.code });
        acknowledge(reply);
      })
      .catch((err: unknown) => logger.error({ err, event }, 'acknowledgement failed'));
  });
}

async function replyTo(
  { events, logger }: DispatchOptions,
  caller: SocketCaller,
  budget: EventBudget,
  name: unknown,
  payloads: unknown[],
): Promise<SocketReply<object>> {
  try {
    const known = isKnown(events, name) ? name : undefined;
    if (!budget.take(known)) throw new ServiceError('RATE_LIMITED', 'Too many events. Slow down.');
    if (!known) throw new ServiceError('UNKNOWN_EVENT', 'There is no such event.');
    if (payloads.length !== 1) {
      throw new ServiceError('INVALID_REQUEST', 'An event carries one payload: an object.');
    }
    return await events[known].answer(payloads[0], caller);
  } catch (error) {
    return { ok: false, error: socketErrorOf(error, logger) };
  }
}

function isKnown(events: SocketEvents, name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(events, name);
}
