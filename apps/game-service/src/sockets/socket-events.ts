import {
  addBotRequestSchema,
  type ClientToServerEvents,
  clockRequestSchema,
  configureRequestSchema,
  createRoomRequestSchema,
  emptyRequestSchema,
  joinRoomRequestSchema,
  keystrokeBatchSchema,
  type KeystrokesRefused,
  kickRequestSchema,
  readyRequestSchema,
  resumeRequestSchema,
  type SocketError,
  type SocketFailure,
} from '@typerush/contracts';
import { parseRequest } from '@typerush/service-kit';
import { type z } from 'zod';
import { type Caller, type Rooms } from '../game/rooms';
import { type Rate } from './token-bucket';

export type EventName = keyof ClientToServerEvents;

type RequestOf<E extends EventName> = Parameters<ClientToServerEvents[E]>[0];
type ReplyOf<E extends EventName> = Parameters<
  NonNullable<Parameters<ClientToServerEvents[E]>[1]>
>[0];
type Success<E extends EventName> = Exclude<ReplyOf<E>, SocketFailure>;

/** A player's connection, with what is known of its way. */
export interface SocketCaller extends Caller {
  readonly halfRoundTripMs: number;
  /** Sends it the refusal of a batch. */
  refuse(refused: KeystrokesRefused): void;
}

interface SocketEvent<E extends EventName> {
  /** Of the payload. */
  readonly schema: z.ZodType<RequestOf<E>>;
  /** How many of these one connection may send. */
  readonly rate: Rate;
  /** What is synchronous of it is done before it returns. @throws ServiceError to refuse */
  answer(payload: unknown, caller: SocketCaller): Success<E> | Promise<Success<E>>;
  /** Reports the refusal of an event that has no acknowledgement. Without this, such an event is dropped. */
  refuse?(payload: unknown, error: SocketError, caller: SocketCaller): void;
}

/** One entry for each event of the contract. */
export type SocketEvents = { readonly [E in EventName]: SocketEvent<E> };

/** A player sends up to eight batches a second, and after a lost connection those of twenty seconds. */
const ofTyping: Rate = { burst: 40, perSecond: 20 };
const ofClock: Rate = { burst: 20, perSecond: 5 };
/** Slow enough that nobody finds a room by trying codes: there are 244 million. */
const ofSeats: Rate = { burst: 8, perSecond: 1 };
const ofLobby: Rate = { burst: 10, perSecond: 3 };

export function socketEvents({ now, rooms }: { now: () => number; rooms: Rooms }): SocketEvents {
  return {
    clock: event(clockRequestSchema, ofClock, ({ t0 }) => ({ ok: true, t0, t1: now() })),

    'create-room': event(createRoomRequestSchema, ofSeats, async ({ settings }, caller) => ({
      ok: true,
      ...(await rooms.create(caller, settings)),
    })),
    'join-room': event(joinRoomRequestSchema, ofSeats, async ({ code }, caller) => ({
      ok: true,
      ...(await rooms.join(caller, code)),
    })),
    'quick-match': event(emptyRequestSchema, ofSeats, async (_request, caller) => ({
      ok: true,
      ...(await rooms.quickMatch(caller)),
    })),
    resume: event(resumeRequestSchema, ofSeats, (request, caller) => ({
      ok: true,
      ...rooms.resume(caller, request),
    })),
    'leave-room': event(emptyRequestSchema, ofSeats, (_request, caller) =>
      done(rooms.act(caller, (room, playerId, at) => room.leave(playerId, at))),
    ),

    ready: event(readyRequestSchema, ofLobby, ({ isReady }, caller) =>
      done(rooms.act(caller, (room, playerId) => room.setReady(playerId, isReady))),
    ),
    rematch: event(emptyRequestSchema, ofLobby, (_request, caller) =>
      done(rooms.begin(caller, (room, playerId, at) => room.rematch(playerId, at))),
    ),

    configure: event(configureRequestSchema, ofLobby, ({ settings }, caller) =>
      done(rooms.act(caller, (room, playerId) => room.configure(playerId, settings))),
    ),
    start: event(emptyRequestSchema, ofLobby, (_request, caller) =>
      done(rooms.begin(caller, (room, playerId, at) => room.start(playerId, at))),
    ),
    abort: event(emptyRequestSchema, ofLobby, (_request, caller) =>
      done(rooms.act(caller, (room, playerId) => room.abort(playerId))),
    ),
    kick: event(kickRequestSchema, ofLobby, ({ playerId }, caller) =>
      done(rooms.act(caller, (room, hostId, at) => room.kick(hostId, playerId, at))),
    ),
    'add-bot': event(addBotRequestSchema, ofLobby, (skill, caller) =>
      done(rooms.act(caller, (room, playerId) => room.addBot(playerId, skill))),
    ),

    keystrokes: {
      ...event<'keystrokes'>(keystrokeBatchSchema, ofTyping, (batch, caller) => ({
        ok: true,
        ...rooms.type(caller, batch, caller.halfRoundTripMs),
      })),
      refuse: (payload, error, caller) => caller.refuse({ ...keyOf(payload), error }),
    },
  };
}

function event<E extends EventName>(
  schema: z.ZodType<RequestOf<E>>,
  rate: Rate,
  answer: (request: RequestOf<E>, caller: SocketCaller) => Success<E> | Promise<Success<E>>,
): SocketEvent<E> {
  return {
    schema,
    rate,
    answer: (payload, caller) => answer(parseRequest(schema, payload), caller),
  };
}

/** Which batch it is, if it can be read. */
function keyOf(payload: unknown): Pick<KeystrokesRefused, 'batch'> {
  const { success, data } = keystrokeBatchSchema.safeParse(payload);
  return success ? { batch: { raceId: data.raceId, round: data.round, seq: data.seq } } : {};
}

function done(_result: void): { ok: true } {
  return { ok: true };
}
