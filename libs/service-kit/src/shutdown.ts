import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceConfig } from './config-variables';
import { type Health } from './health';
import { type Logger } from './logger';

interface Serving {
  health: Health;
  drain?: () => unknown;
  /** Resolves to whether every connection ended by itself. */
  closeConnections: (limitMs: number) => Promise<boolean>;
}

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;

/** The ordered way down of one process; see `runService`. */
export class Shutdown {
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

  /** Last opened first. One that fails or hangs is logged and does not keep the others open. */
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
