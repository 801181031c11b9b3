import { type Server as HttpServer } from 'node:http';
import { type Logger, type Metrics } from '@typerush/service-kit';
import { Server } from 'socket.io';
import { type SessionTokens } from '../sessions/session-tokens';
import { dispatchEvent, type DispatchOptions } from './event-dispatch';
import { socketEvents } from './socket-events';
import { socketHandshake } from './socket-handshake';
import { eventRate, handshakeMs, maxMessageBytes, packetRate } from './socket-limits';
import { socketMetrics } from './socket-metrics';
import { type GameServer, type GameSocket } from './socket-types';
import { TokenBucket } from './token-bucket';

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
