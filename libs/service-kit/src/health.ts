import { type Logger } from './logger';

/** Resolves if the dependency can be used, rejects otherwise. Should stop when `signal` aborts. */
export type HealthCheck = (signal: AbortSignal) => Promise<void>;

export interface CheckResult {
  status: 'up' | 'down';
  /** Why it is down; the error itself is only logged. */
  reason?: 'failed' | 'timeout';
  /** A service stays ready without its optional dependencies. */
  required: boolean;
}

export interface ReadinessReport {
  status: 'ready' | 'degraded' | 'unready' | 'shutting-down';
  checks: Record<string, CheckResult>;
}

export interface Health {
  live(): { status: 'live' };
  /** Runs the checks at most once at a time, for any number of callers. Never rejects. */
  ready(): Promise<ReadinessReport>;
  /** From now on `ready` reports shutting-down. */
  shutDown(): void;
}

export interface HealthOptions {
  /** Required dependencies: a failure makes the service unready. */
  checks?: Readonly<Record<string, HealthCheck>>;
  /** Optional dependencies: a failure makes the service degraded, but still ready. */
  optionalChecks?: Readonly<Record<string, HealthCheck>>;
  /** For each check. */
  timeoutMs?: number;
  /** Logs when a check fails or recovers, with the reason. */
  logger?: Logger;
}

export function createHealth(options: HealthOptions): Health {
  const { timeoutMs = 2_000, logger } = options;
  const last = new Map<string, CheckResult['status']>();
  let shuttingDown = false;
  let running: Promise<ReadinessReport> | undefined;

  async function run(name: string, check: HealthCheck, required: boolean): Promise<CheckResult> {
    const { error, ...result } = await attempt(check, timeoutMs);
    const changed = (last.get(name) ?? 'up') !== result.status;
    last.set(name, result.status);
    if (changed && result.status === 'down') {
      logger?.warn(
        { check: name, required, reason: result.reason, err: error },
        'dependency is down',
      );
    } else if (changed) {
      logger?.info({ check: name, required }, 'dependency is back');
    }
    return { ...result, required };
  }

  async function runAll(): Promise<ReadinessReport> {
    const all = [
      ...Object.entries(options.checks ?? {}).map((entry) => [...entry, true] as const),
      ...Object.entries(options.optionalChecks ?? {}).map((entry) => [...entry, false] as const),
    ];
    const results = await Promise.all(
      all.map(async ([name, check, required]) => [name, await run(name, check, required)] as const),
    );
    return {
      status: overall(results.map(([, result]) => result)),
      checks: Object.fromEntries(results),
    };
  }

  return {
    live: () => ({ status: 'live' }),
    async ready() {
      if (shuttingDown) return { status: 'shutting-down', checks: {} };
      running ??= runAll().finally(() => (running = undefined));
      return running;
    },
    shutDown() {
      shuttingDown = true;
    },
  };
}

function overall(results: readonly CheckResult[]): ReadinessReport['status'] {
  const down = results.filter(({ status }) => status === 'down');
  if (down.some(({ required }) => required)) return 'unready';
  return down.length > 0 ? 'degraded' : 'ready';
}

type Attempt = Omit<CheckResult, 'required'> & { error?: unknown };

async function attempt(check: HealthCheck, timeoutMs: number): Promise<Attempt> {
  const aborter = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Attempt>((resolve) => {
    timer = setTimeout(() => {
      resolve({ status: 'down', reason: 'timeout' });
      aborter.abort();
    }, timeoutMs);
  });
  const outcome = (async (): Promise<Attempt> => {
    try {
      await check(aborter.signal);
      return { status: 'up' };
    } catch (error) {
      return { status: 'down', reason: 'failed', error };
    }
  })();
  return Promise.race([outcome, timeout]).finally(() => clearTimeout(timer));
}
