import {
  errorResponder,
  type Health,
  type Logger,
  type Metrics,
  notFoundResponder,
  operationsRouter,
  requestLogging,
} from '@typerush/service-kit';
import express, { type Express } from 'express';
import { sessionRoutes, type SessionRoutesOptions } from './sessions/session-routes';

export interface HttpOptions {
  health: Health;
  metrics: Metrics;
  logger: Logger;
  sessionRoutes: SessionRoutesOptions;
  /** How many proxies stand before the service. */
  trustedProxies: number;
}

/** The codes of this service beside service-kit's. */
const statuses = { SESSION_EXPIRED: 401 };

/** The middleware list: operations, logging, routes, errors. */
export function createHttp(options: HttpOptions): Express {
  const { health, metrics, logger } = options;
  const http = express().disable('x-powered-by').set('trust proxy', options.trustedProxies);
  http.use(operationsRouter({ health, metrics }));
  http.use(requestLogging({ logger }), metrics.requestTiming);
  http.use(sessionRoutes(options.sessionRoutes));
  http.use(notFoundResponder(), errorResponder({ logger, statuses }));
  return http;
}
