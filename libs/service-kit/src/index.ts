export { ConfigError, type ConfigProblem } from './config-error';
export {
  durationVariable,
  hostVariable,
  type LogLevel,
  logLevelVariable,
  portVariable,
  type ServiceConfig,
  serviceVariables,
} from './config-variables';
export { type DeepReadonly } from './deep-freeze';
export {
  describeError,
  errorResponder,
  type HttpProblem,
  notFoundResponder,
} from './error-responder';
export {
  type CheckResult,
  createHealth,
  type Health,
  type HealthCheck,
  type HealthOptions,
  type ReadinessReport,
} from './health';
export { statusByCode } from './http-status';
export { jsonBody } from './json-body';
export { listen, trackConnections } from './listening';
export { type Environment, loadConfig } from './load-config';
export { createLogger, type Logger } from './logger';
export { createMetrics, type Metrics } from './metrics';
export { operationsRouter } from './operations-router';
export { parseRequest } from './parse-request';
export { type RequestContext, requestContext } from './request-context';
export { requestLogging } from './request-logging';
export {
  runService,
  type ServiceContext,
  type ServiceDefinition,
  type StartedService,
} from './run-service';
export { ServiceError } from './service-error';
