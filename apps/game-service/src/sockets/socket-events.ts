import {
  type ClientToServerEvents,
  clockRequestSchema,
  type Session,
  type SocketFailure,
} from '@typerush/contracts';
import { type z } from 'zod';

export type EventName = Extract<keyof ClientToServerEvents, 'clock'>;

type RequestOf<E extends EventName> = Parameters<ClientToServerEvents[E]>[0];
type ReplyOf<E extends EventName> = Parameters<Parameters<ClientToServerEvents[E]>[1]>[0];

interface SocketEvent<Request, Reply> {
  schema: z.ZodType<Request>;
  /** @throws ServiceError to refuse */
  answer(request: Request, session: Session): Exclude<Reply, SocketFailure>;
}

/** One entry for each event of the contract. */
export type SocketEvents = { [E in EventName]: SocketEvent<RequestOf<E>, ReplyOf<E>> };

export function socketEvents({ now }: { now: () => number }): SocketEvents {
  return {
    clock: { schema: clockRequestSchema, answer: ({ t0 }) => ({ ok: true, t0, t1: now() }) },
  };
}
