import { createServer, type Server } from 'node:http';
import { createHealth, type Health, type Logger, type Metrics } from '@typerush/service-kit';
import { createHttp } from './http';
import { recordServiceCheck } from './record-service-check';
import { type SessionTokens } from './sessions/session-tokens';
import { createSockets } from './sockets/socket-server';

export interface AppDependencies {
  sessions: SessionTokens;
  logger: Logger;
  metrics: Metrics;
  /** Milliseconds since 1970. */
  now: () => number;
  sessionsPerMinute: number;
  trustedProxies: number;
  /** Without it, results stay here. While it is down the game goes on: readiness says degraded. */
  recordServiceUrl?: string | undefined;
}

export interface App {
  /** Not listening yet. */
  server: Server;
  health: Health;
  /** Tells the players that this instance is going down, and ends their connections. */
  drain(): void;
}

export function createApp(dependencies: AppDependencies): App {
  const { sessions, logger, metrics, now, recordServiceUrl } = dependencies;
  const health = createHealth({
    optionalChecks: recordServiceUrl
      ? { 'record-service': recordServiceCheck(recordServiceUrl) }
      : {},
    logger,
  });
  const http = createHttp({
    health,
    metrics,
    logger,
    sessionRoutes: { sessions, perMinute: dependencies.sessionsPerMinute },
    trustedProxies: dependencies.trustedProxies,
  });
  const server = createServer(http);
  const sockets = createSockets(server, { sessions, logger, metrics, now });
  return {
    server,
    health,
    drain() {
      sockets.local.emit('stopping');
      // Ends when the server has closed, which is not this function's to wait for.
      void sockets.close();
    },
  };
}
