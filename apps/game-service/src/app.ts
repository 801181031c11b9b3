import express, { type Express } from 'express';
import { createServer, type Server } from 'node:http';
import {
  createHealth,
  errorResponder,
  type Health,
  type HealthCheck,
  type Logger,
  type Metrics,
  noSniff,
  notFoundResponder,
  operationsRouter,
  requestLogging,
} from '@typerush/service-kit';
import { systemChance } from './game/chance';
import { MemoryRoomDirectory } from './game/room-directory';
import { defaultTiming, type Timing } from './game/timing';
import { type Results } from './outbox/results';
import { pageRoutes } from './page/page-routes';
import { PracticeDesk } from './practice/practice-desk';
import { practiceRoutes, type PracticeRoutesOptions } from './practice/practice-routes';
import { type PracticeTickets } from './practice/practice-tickets';
import { recordRoutes } from './records/record-routes';
import { type SessionTokens } from './sessions/session-tokens';
import { createSockets } from './sockets/socket-server';
import { sessionRoutes, type SessionRoutesOptions } from './sessions/session-routes';

export interface AppDependencies {
  sessions: SessionTokens;
  practiceTickets: PracticeTickets;
  logger: Logger;
  metrics: Metrics;
  /** Milliseconds since 1970, never set back. */
  now: () => number;
  /** Where the results of rounds go. */
  results: Results;
  /** How long `drain` lets races run. */
  raceLimitMs: number;
  /** @default defaultTiming */
  timing?: Timing;
  sessionsPerMinute: number;
  /** Of texts, and of results. @default 60 */
  practicesPerMinute?: number;
  trustedProxies: number;
  /** Where records are read. While it is down the game continues, and readiness reports degraded. */
  recordServiceUrl?: string | undefined;
  /** What the build of the page wrote; it may be missing. */
  pageFolder: string;
}

export interface App {
  /** Not listening yet. */
  server: Server;
  health: Health;
  /** Lets races end, notifies the players that this instance is stopping, and ends their connections. */
  drain(): Promise<void>;
}

export function createApp(dependencies: AppDependencies): App {
  const { sessions, logger, metrics, now, results, recordServiceUrl } = dependencies;
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
    practiceRoutes: {
      sessions,
      desk: new PracticeDesk({ tickets: dependencies.practiceTickets, results, now }),
      ...(dependencies.practicesPerMinute && { perMinute: dependencies.practicesPerMinute }),
    },
    recordServiceUrl,
    pageFolder: dependencies.pageFolder,
    trustedProxies: dependencies.trustedProxies,
  });
  const server = createServer(http);
  const sockets = createSockets(server, {
    sessions,
    logger,
    metrics,
    now,
    onFinished: (round, report) => {
      logger.info(
        { raceId: round.raceId, round: round.round, players: round.players.length },
        'round finished',
      );
      void results.keep(round, report);
    },
    timing: dependencies.timing ?? defaultTiming,
    chance: systemChance,
    directory: new MemoryRoomDirectory(),
  });
  return { server, health, drain: () => sockets.drain(dependencies.raceLimitMs) };
}

interface HttpOptions {
  health: Health;
  metrics: Metrics;
  logger: Logger;
  sessionRoutes: SessionRoutesOptions;
  practiceRoutes: PracticeRoutesOptions;
  recordServiceUrl: string | undefined;
  pageFolder: string;
  /** How many proxies are in front of the service. */
  trustedProxies: number;
}

/** The codes of this service beside service-kit's. */
const statuses = {
  SESSION_EXPIRED: 401,
  PRACTICE_REFUSED: 403,
  PRACTICE_USED: 409,
  PRACTICE_EXPIRED: 410,
  AHEAD_OF_TIME: 422,
  ALREADY_FINISHED: 422,
  TOO_FAST: 422,
  TOO_LATE: 422,
};

/** The middleware list: operations, logging, routes, the page, errors. */
function createHttp(options: HttpOptions): Express {
  const { health, metrics, logger, recordServiceUrl } = options;
  const http = express().disable('x-powered-by').set('trust proxy', options.trustedProxies);
  http.use(noSniff);
  http.use(operationsRouter({ health, metrics }));
  http.use(requestLogging({ logger }), metrics.requestTiming);
  http.use(sessionRoutes(options.sessionRoutes));
  http.use(practiceRoutes(options.practiceRoutes));
  http.use(recordRoutes({ recordServiceUrl, logger }));
  http.use(pageRoutes({ folder: options.pageFolder }));
  http.use(notFoundResponder(), errorResponder({ logger, statuses }));
  return http;
}

/** Passes while record-service, at this URL, reports that it is ready. */
function recordServiceCheck(url: string): HealthCheck {
  const ready = new URL('health/ready', url.endsWith('/') ? url : `${url}/`);
  return async (signal) => {
    const response = await fetch(ready, { signal });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`record-service answers ${response.status}`);
  };
}
