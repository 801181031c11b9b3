import { type Server } from 'node:http';
import { type Server as TlsServer } from 'node:https';
import { type z } from 'zod';
import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceConfig } from './config-variables';
import { type DeepReadonly } from './deep-freeze';
import { type Health } from './health';
import { type AddressVariables, listen, trackConnections } from './listening';
import { type Environment, loadConfig } from './load-config';
import { createLogger, type Logger } from './logger';
import { createMetrics, type Metrics } from './metrics';
import { ServiceError } from './service-error';

export interface ServiceContext<Config> {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  /** Call it as soon as a dependency is open. Dependencies close in reverse order, also if the start fails. */
  onClose(name: string, close: () => unknown): void;
}

export interface StartedService {
  /** Not listening yet. */
  server: Server | TlsServer;
  health: Health;
  /** Closes what outlives a request, such as sockets, when the listener is closed. */
  drain?: () => unknown;
}

export interface ServiceDefinition<S extends z.ZodType<ServiceConfig>> {
  name: string;
  schema: S;
  /** `process.env`. */
  env: Environment;
  /**
   * The names of the address variables, for messages.
   *
   * @default PORT and HOST
   */
  addressVariables?: AddressVariables;
  start(
    context: ServiceContext<DeepReadonly<z.output<S>>>,
  ): Promise<StartedService> | StartedService;
}

/**
 * Starts and stops a service in order, for main.ts: config, dependencies, server, signals.
 *
 * SIGTERM or SIGINT: readiness responds with 503, `SHUTDOWN_DELAY` passes, the listener closes, `drain` and the requests in
 * flight end (at the latest after `SHUTDOWN_LIMIT`), dependencies close in reverse order, exit code 0. A second signal
 * exits at once. A ServiceError during the start, such as an invalid configuration or a port in use, is printed to stderr
 * without a stack trace, exit code 1. An unhandled rejection is logged, exit code 1.
 */
export async function runService<S extends z.ZodType<ServiceConfig>>(
  definition: ServiceDefinition<S>,
): Promise<void> {
  const { name } = definition;
  let config: DeepReadonly<z.output<S>> & ServiceConfig;
  try {
    config = loadConfig(definition.schema, definition.env) as typeof config;
  } catch (error) {
    return failStart(name, error);
  }
  const logger = createLogger({ service: name, level: config.LOG_LEVEL });
  const shutdown = new Shutdown(logger, config);
  shutdown.handleSignals();
  crashOnUnhandled(logger);
  try {
    const metrics = createMetrics({ service: name });
    const started = await definition.start({
      config,
      logger,
      metrics,
      onClose: (dependency, close) => shutdown.onClose(dependency, close),
    });
    shutdown.serving({ ...started, closeConnections: trackConnections(started.server) });
    const at = { host: config.HOST, port: config.PORT };
    const url = await listen(started.server, at, definition.addressVariables);
    logger.info({ url }, 'listening');
  } catch (error) {
    // Not a failure: a signal has closed the dependencies, and the process exits.
    if (shutdown.stopping) return;
    await shutdown.closeDependencies();
    failStart(name, error, logger);
  }
}

function failStart(name: string, error: unknown, logger?: Logger): void {
  if (logger && !(error instanceof ServiceError)) logger.fatal({ err: error }, 'start failed');
  else process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function crashOnUnhandled(logger: Logger): void {
  const crash = (err: unknown, kind: string) => {
    logger.fatal({ err, kind }, 'unhandled error');
    process.exit(1);
  };
  process.on('uncaughtException', (error) => crash(error, 'exception'));
  process.on('unhandledRejection', (reason) => crash(reason, 'rejection'));
}

interface Serving {
  health: Health;
  drain?: () => unknown;
  /** Resolves to whether all connections ended by themselves. */
  closeConnections: (limitMs: number) => Promise<boolean>;
}

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;

/** The ordered stop of one process; see `runService`. */
class Shutdown {
  private readonly dependencies: { name: string; close: () => unknown }[] = [];
  private current: Serving | undefined;
  private signalled = false;

  constructor(
    private readonly logger: Logger,
    private readonly limits: Pick<ServiceConfig, 'SHUTDOWN_DELAY' | 'SHUTDOWN_LIMIT'>,
  ) {}

  onClose(name: string, close: () => unknown): void {
    this.dependencies.push({ name, close });
  }

  serving(current: Serving): void {
    this.current = current;
  }

  /** From the first signal on. */
  get stopping(): boolean {
    return this.signalled;
  }

  handleSignals(): void {
    for (const [signal, number] of Object.entries(signalNumbers)) {
      process.on(signal, () => {
        if (this.signalled) process.exit(128 + number);
        this.signalled = true;
        this.logger.info({ signal }, 'stopping');
        void this.stop().then(() => process.exit(0));
      });
    }
  }

  private async stop(): Promise<void> {
    const { current, limits } = this;
    if (current) {
      current.health.shutDown();
      await delay(limits.SHUTDOWN_DELAY);
      const closed = current.closeConnections(limits.SHUTDOWN_LIMIT);
      await this.attempt('connections', () => current.drain?.());
      if (!(await closed)) this.logger.warn('ended connections that were still busy');
    }
    await this.closeDependencies();
    this.logger.info('stopped');
  }

  /** Closes the last opened first. A failure or a timeout is logged and does not prevent the others. */
  async closeDependencies(): Promise<void> {
    for (let next = this.dependencies.pop(); next; next = this.dependencies.pop()) {
      await this.attempt(next.name, next.close);
    }
  }

  private async attempt(name: string, close: () => unknown): Promise<void> {
    const aborter = new AbortController();
    const limit = delay(this.limits.SHUTDOWN_LIMIT, 'late' as const, { signal: aborter.signal });
    try {
      const outcome = await Promise.race([Promise.resolve().then(close), limit]);
      if (outcome === 'late') this.logger.error({ dependency: name }, 'closing took too long');
    } catch (err) {
      this.logger.error({ dependency: name, err }, 'closing failed');
    } finally {
      aborter.abort();
      limit.catch(() => undefined);
    }
  }
}
