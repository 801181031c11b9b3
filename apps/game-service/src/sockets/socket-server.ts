import { type Server as HttpServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, type Metrics, requestContext } from '@typerush/service-kit';
import { Server } from 'socket.io';
import { type KeystrokesRefused, socketHandshakeSchema } from '@typerush/contracts';
import { notAuthenticated, type SessionTokens } from '../sessions/session-tokens';
import { Rooms, type RoomsOptions } from '../game/rooms';
import { EventBudget } from './event-budget';
import { dispatchEvent, type DispatchOptions } from './event-dispatch';
import { RoundTrip } from './round-trip';
import { socketAudience } from './socket-audience';
import { socketEvents } from './socket-events';
import { socketMetrics } from './socket-metrics';
import { type GameServer, type GameSocket } from './socket-types';
import { type Rate, TokenBucket } from './token-bucket';
import { socketErrorOf } from './socket-errors';

export interface SocketServerOptions extends Omit<RoomsOptions, 'audience'> {
  sessions: SessionTokens;
  metrics: Metrics;
}

export interface Sockets {
  /**
   * Lets races that run end, for `limitMs` at most, and aborts the rest. Each player is notified as soon as no race is
   * left to finish, and the connection ends.
   */
  drain(limitMs: number): Promise<void>;
}

/** Takes over the upgrades of `server`. WebSocket alone: polling would need a balancer that sticks. */
export function createSockets(server: HttpServer, options: SocketServerOptions): Sockets {
  const { sessions, logger, now } = options;
  const sockets: GameServer = new Server(server, {
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: maxMessageBytes,
    connectTimeout: handshakeMs,
    pingInterval: pingMs,
    pingTimeout: pingTimeoutMs,
  });
  const rooms = new Rooms({ ...options, audience: socketAudience(sockets) });
  const dispatch = {
    events: socketEvents({ now, rooms }),
    metrics: socketMetrics(options.metrics, rooms),
    logger,
  };
  cutOffFloods(sockets, logger);
  sockets.use(socketHandshake({ sessions, logger }));
  sockets.on('connection', (socket) => serve(socket, dispatch, rooms));
  return { drain: (limitMs) => drain(sockets, rooms, limitMs) };
}

function serve(socket: GameSocket, dispatch: DispatchOptions, rooms: Rooms): void {
  const { session } = socket.data;
  const { connected } = dispatch.metrics;
  const fields = { socketId: socket.id, playerId: session.playerId };
  const roundTrip = RoundTrip.of(socket, monotonic);
  const caller = {
    connection: socket.id,
    session,
    get halfRoundTripMs() {
      return roundTrip.halfMs;
    },
    refuse: (refused: KeystrokesRefused) => void socket.emit('keystrokes-refused', refused),
  };
  const budget = new EventBudget(dispatch.events, monotonic);
  connected.inc();
  dispatch.logger.info(fields, 'socket connected');
  // A middleware that never calls next: no event reaches an emitter, so none can be mistaken for its own.
  socket.use((packet) => dispatchEvent(dispatch, caller, budget, packet));
  socket.once('disconnect', (reason) => {
    connected.dec();
    rooms.disconnect(socket.id);
    dispatch.logger.info({ ...fields, reason }, 'socket disconnected');
  });
}

async function drain(sockets: GameServer, rooms: Rooms, limitMs: number): Promise<void> {
  const connected = sockets.sockets.sockets;
  const wait = async (ms: number, isDone: () => boolean, step: () => void) => {
    const endsAt = monotonic() + ms;
    for (step(); !isDone() && monotonic() < endsAt; step()) await delay(drainStepMs);
  };
  rooms.stop();
  await wait(
    limitMs,
    () => rooms.raceCount === 0,
    () => [...connected.values()].filter(({ id }) => !rooms.isRacing(id)).forEach(dismiss),
  );
  rooms.abortAll();
  connected.forEach(dismiss);
  await wait(
    lastWordsMs,
    () => connected.size === 0,
    () => undefined,
  );
  rooms.close();
  await sockets.close();
}

/** Ends a connection after what is still to be sent: closing the server would drop that. */
function dismiss(socket: GameSocket): void {
  if (socket.conn.readyState !== 'open') return;
  socket.emit('stopping');
  socket.conn.close();
}

function cutOffFloods(sockets: GameServer, logger: Logger): void {
  sockets.engine.on('connection', (connection) => {
    const budget = new TokenBucket(packetRate, monotonic);
    connection.on('packet', () => {
      if (budget.take() || connection.readyState !== 'open') return;
      logger.warn({ address: connection.remoteAddress }, 'connection cut off: too many packets');
      connection.close(true);
    });
  });
}

function monotonic(): number {
  return performance.now();
}

/** A batch of 64 keystrokes has about 1 kB. */
export const maxMessageBytes = 8 * 1_024;

/** Packets of any kind, before they are even parsed; a client that sends more is not a player and is cut off. */
const packetRate: Rate = { burst: 300, perSecond: 100 };

/** How long a connection may take to present its token. */
const handshakeMs = 5_000;

/** A ping measures the round trip, and finds a connection that is dead. */
const pingMs = 5_000;
const pingTimeoutMs = 10_000;

/** How long connections may take to end after the last message. */
const lastWordsMs = 500;

/** How often a draining server looks for players whose race has ended. */
const drainStepMs = 100;

/**
 * Accepts clients that present a session's token as `auth: { token }`. Others get a `connect_error` whose `data` is a
 * `SocketError`.
 */
function socketHandshake(options: { sessions: SessionTokens; logger: Logger }) {
  return (socket: GameSocket, next: (error?: Error) => void): void => {
    requestContext.run({ socketId: socket.id }, async () => {
      try {
        socket.data.session = await options.sessions.verify(tokenOf(socket));
        next();
      } catch (error) {
        const data = socketErrorOf(error, options.logger);
        options.logger.debug({ code: data.code }, 'handshake refused');
        next(Object.assign(new Error(data.message), { data }));
      }
    });
  };
}

/** @throws ServiceError UNAUTHENTICATED */
function tokenOf(socket: GameSocket): string {
  const handshake = socketHandshakeSchema.safeParse(socket.handshake.auth);
  if (!handshake.success) throw notAuthenticated(handshake.error);
  return handshake.data.token;
}
