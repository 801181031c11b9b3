import 'reflect-metadata';
import express from 'express';
import { type Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import {
  createHealth,
  type Health,
  type Logger,
  type Metrics,
  noSniff,
  operationsRouter,
  problemResponder,
  requestLogging,
} from '@typerush/service-kit';
import { type LoggerService } from '@nestjs/common';
import { AppModule } from './app.module';
import { type Database } from './database/database';

/** The codes of this service beside service-kit's. */
const statuses = { PASSAGE_UNKNOWN: 422, TYPING_VERSION_UNKNOWN: 422 };

export interface AppDependencies {
  readonly database: Database;
  readonly serviceToken: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface App {
  /** Not listening yet. */
  readonly server: Server;
  readonly health: Health;
  /** Runs Nest's own shutdown; leaves the database alone. */
  close(): Promise<void>;
}

/** The middleware list: operations, then logging, then Nest's routes, then errors. */
export async function createApp(dependencies: AppDependencies): Promise<App> {
  const { database, logger, metrics } = dependencies;
  const health = createHealth({ checks: { database: () => database.check() }, logger });
  const http = express().disable('x-powered-by');
  http.use(noSniff);
  http.use(operationsRouter({ health, metrics }));
  http.use(requestLogging({ logger }), metrics.requestTiming);
  const nest = await NestFactory.create(
    AppModule.with(dependencies),
    new ExpressAdapter(http),
    // Without Nest's own parsers, a route reads its body after its guards; without its exits, shutdown keeps its order.
    { bodyParser: false, abortOnError: false, logger: nestLogger(logger) },
  );
  await nest.init();
  http.use(problemResponder({ logger, statuses }));
  return { server: nest.getHttpServer() as Server, health, close: () => nest.close() };
}

/** Nest's own messages, in the service's log. Those on routes and modules are for debugging. */
function nestLogger(logger: Logger): LoggerService {
  return {
    log: (text: unknown) => logger.debug({ text }, 'nest'),
    warn: (text: unknown) => logger.warn({ text }, 'nest'),
    error: (text: unknown) => logger.error({ text }, 'nest'),
  };
}
