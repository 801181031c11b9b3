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

/** A round of eight players has about 50 kB; one of a quarter of an hour at 40 keystrokes a second, 3 MB. */
const bodyLimit = '4mb';

/** The middleware list: operations, then logging, then bodies, then Nest's routes, then errors. */
export async function createApp(dependencies: AppDependencies): Promise<App> {
  const { database, logger, metrics } = dependencies;
  const health = createHealth({ checks: { database: () => database.check() }, logger });
  const http = express().disable('x-powered-by');
  http.use(noSniff);
  http.use(operationsRouter({ health, metrics }));
  http.use(requestLogging({ logger }), metrics.requestTiming);
  const respond = problemResponder({ logger, statuses });
  // Nest would reword the errors of a body's parser, so they are answered before it.
  http.use(express.json({ limit: bodyLimit }), respond);
  const nest = await NestFactory.create(
    AppModule.with(dependencies),
    new ExpressAdapter(http),
    // With Nest's own parsers and exits left out, the service keeps its order of middleware and of shutdown.
    { bodyParser: false, abortOnError: false, logger: nestLogger(logger) },
  );
  await nest.init();
  http.use(respond);
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
