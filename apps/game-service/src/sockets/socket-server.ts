import { type Server as HttpServer } from 'node:http';
import { type Logger, type Metrics, requestContext } from '@typerush/service-kit';
import { Server } from 'socket.io';
import { socketHandshakeSchema } from '@typerush/contracts';
import { notAuthenticated, type SessionTokens } from '../sessions/session-tokens';
import { dispatchEvent, type DispatchOptions } from './event-dispatch';
import { socketEvents } from './socket-events';
import { socketMetrics } from './socket-metrics';
import { type GameServer, type GameSocket } from './socket-types';
import { type Rate, TokenBucket } from './token-bucket';
import { socketErrorOf } from './socket-errors';

export interface SocketServerOptions {
  sessions: SessionTokens;
  logger: Logger;
  metrics: Metrics;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Takes over the upgrades of `server`. WebSocket alone: polling would need a balancer that sticks. */
export function createSockets(server: HttpServer, options: SocketServerOptions): GameServer {
  const { sessions, logger, now } = options;
  const sockets: GameServer = new Server(server, {
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: maxMessageBytes,
    connectTimeout: handshakeMs,
  });
  const dispatch = {
    events: socketEvents({ now }),
    metrics: socketMetrics(options.metrics),
    logger,
  };
  cutOffFloods(sockets, logger);
  sockets.use(socketHandshake({ sessions, logger }));
  sockets.on('connection', (socket) => serve(socket, dispatch));
  return sockets;
}

function serve(socket: GameSocket, dispatch: DispatchOptions): void {
  const { session } = socket.data;
  const { connected } = dispatch.metrics;
  const fields = { socketId: socket.id, playerId: session.playerId };
  const caller = { id: socket.id, session, budget: new TokenBucket(eventRate, monotonic) };
  connected.inc();
  dispatch.logger.info(fields, 'socket connected');
  // A middleware that never calls next: no event reaches an emitter, so none can be mistaken for its own.
  socket.use((packet) => dispatchEvent(dispatch, caller, packet));
  socket.once('disconnect', (reason) => {
    connected.dec();
    dispatch.logger.info({ ...fields, reason }, 'socket disconnected');
  });
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

/** A player sends up to eight batches a second; anything over this is answered RATE_LIMITED. */
const eventRate: Rate = { burst: 60, perSecond: 30 };

/** Packets of any kind, before they are even parsed; a client that sends more is not a player and is cut off. */
const packetRate: Rate = { burst: 300, perSecond: 100 };

/** How long a connection may take to present its token. */
const handshakeMs = 5_000;

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
