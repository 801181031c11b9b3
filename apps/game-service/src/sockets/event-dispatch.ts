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

type Reply = SocketReply<object>;

/**
 * Takes every event that a client sends, known or not, and answers through its acknowledgement; one without an
 * acknowledgement that needs one is dropped. An answer that waits for nothing is given before this returns, without a
 * promise: most events are keystrokes. Never throws.
 */
export function dispatchEvent(
  options: DispatchOptions,
  caller: SocketCaller,
  budget: EventBudget,
  [name, ...args]: unknown[],
): void {
  const { events, metrics, logger } = options;
  const known = isKnown(events, name) ? name : undefined;
  const event = known ?? 'unknown';
  requestContext.run({ socketId: caller.connection }, () => {
    const last: unknown = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (reply: Reply) => void) : undefined;
    const refuse = known && events[known].refuse;
    if (!acknowledge && !refuse) {
      metrics.count(event, 'unacknowledged');
      return logger.debug({ event }, 'event without acknowledgement dropped');
    }
    const payloads = acknowledge ? args.slice(0, -1) : args;
    const reply = (reply: Reply) => {
      metrics.count(event, reply.ok ? 'ok' : reply.error.code);
      try {
        if (acknowledge) acknowledge(reply);
        else if (!reply.ok) refuse?.(payloads[0], reply.error, caller);
      } catch (err) {
        logger.error({ err, event }, 'acknowledgement failed');
      }
    };
    const fail = (error: unknown) => reply({ ok: false, error: socketErrorOf(error, logger) });
    try {
      const answer = answerTo(events, caller, budget, known, payloads);
      if (answer instanceof Promise) answer.then(reply, fail);
      else reply(answer);
    } catch (error) {
      fail(error);
    }
  });
}

function answerTo(
  events: SocketEvents,
  caller: SocketCaller,
  budget: EventBudget,
  name: EventName | undefined,
  payloads: unknown[],
): Reply | Promise<Reply> {
  if (!budget.take(name)) throw new ServiceError('RATE_LIMITED', 'Too many events. Slow down.');
  if (!name) throw new ServiceError('UNKNOWN_EVENT', 'There is no such event.');
  if (payloads.length !== 1) {
    throw new ServiceError('INVALID_REQUEST', 'An event carries one payload: an object.');
  }
  return events[name].answer(payloads[0], caller);
}

function isKnown(events: SocketEvents, name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(events, name);
}
