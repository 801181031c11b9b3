import { createServer } from 'node:http';
import express from 'express';
import { z } from 'zod';
import {
  createHealth,
  errorResponder,
  notFoundResponder,
  operationsRouter,
  requestLogging,
  runService,
  serviceVariables,
  ServiceError,
} from '../src';

/** A service for the tests of `runService`; FAIL_START and FAIL_CLOSE break it. */
void runService({
  name: 'fixture',
  env: process.env,
  schema: z.object({
    ...serviceVariables({ port: 0 }),
    FAIL_START: z.enum(['mistake', 'bug', 'hang']).optional(),
    FAIL_CLOSE: z.enum(['throw', 'hang']).optional(),
  }),
  start({ config, logger, metrics, onClose }) {
    onClose('first', () => logger.info('first closed'));
    onClose('second', () => {
      if (config.FAIL_CLOSE === 'hang') return new Promise(() => undefined);
      if (config.FAIL_CLOSE === 'throw') throw new Error('cannot close');
      return logger.info('second closed');
    });
    if (config.FAIL_START === 'mistake') throw new ServiceError('NO_DATABASE', 'start PostgreSQL');
    if (config.FAIL_START === 'bug') throw new Error('a bug');
    if (config.FAIL_START === 'hang') {
      logger.info('start hangs');
      return new Promise((_resolve, reject) => {
        const waiting = setInterval(() => undefined, 60_000);
        onClose('start', () => {
          clearInterval(waiting);
          reject(new Error('closed while it was connecting'));
        });
      });
    }
    const health = createHealth({});
    const app = express();
    app.use(operationsRouter({ health, metrics }));
    app.use(metrics.requestTiming, requestLogging({ logger }));
    app.get('/never', () => logger.info('waiting'));
    app.get('/until-stopped', (_request, response) => {
      // Later than the listener's closing, which happens in the turn after the signal's.
      process.once('SIGTERM', () => setTimeout(() => response.send('done'), 300));
      logger.info('waiting');
    });
    app.get('/reject', () => {
      void Promise.reject(new Error('nobody waits for this'));
    });
    app.use(notFoundResponder(), errorResponder({ logger }));
    return { server: createServer(app), health };
  },
});
