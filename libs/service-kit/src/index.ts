export {
  durationVariable,
  hostVariable,
  logLevelVariable,
  portVariable,
  serviceVariables,
} from './config-variables';
export {
  ensureFolder,
  isTemporary,
  moveDurably,
  removeDurably,
  removeTemporaries,
  syncFolder,
  writeDurably,
} from './durable-file';
export { errorResponder, notFoundResponder } from './error-responder';
export { createHealth, type Health, type HealthCheck } from './health';
export { jsonBody } from './json-body';
export { listen, trackConnections } from './listening';
export { type Environment, loadConfig } from './load-config';
export { createLogger, type Logger } from './logger';
export { createMetrics, type Metrics } from './metrics';
export { noSniff } from './no-sniff';
export { operationsRouter } from './operations-router';
export { parseRequest } from './parse-request';
export { problemResponder } from './problem-responder';
export { requestContext } from './request-context';
export { requestLogging } from './request-logging';
export { runService } from './run-service';
export { ServiceError } from './service-error';
