import { logLines } from '../test/log-lines';
import { createHealth, type HealthCheck } from './health';

const up: HealthCheck = () => Promise.resolve();
const down: HealthCheck = () => Promise.reject(new Error('password of the database is wrong'));
const hangs: HealthCheck = () => new Promise(() => undefined);

describe('readiness', () => {
  it('is ready without checks, and if all pass', async () => {
    expect(await createHealth({}).ready()).toEqual({ status: 'ready', checks: {} });
    expect(await createHealth({ checks: { database: up } }).ready()).toEqual({
      status: 'ready',
      checks: { database: { status: 'up', required: true } },
    });
  });

  it('is unready if a check fails, without the reason', async () => {
    const report = await createHealth({ checks: { database: down, cache: up } }).ready();
    expect(report).toEqual({
      status: 'unready',
      checks: {
        database: { status: 'down', reason: 'failed', required: true },
        cache: { status: 'up', required: true },
      },
    });
  });

  it('is degraded if only an optional check fails', async () => {
    const health = createHealth({ checks: { database: up }, optionalChecks: { records: down } });
    expect(await health.ready()).toMatchObject({
      status: 'degraded',
      checks: { records: { status: 'down', required: false } },
    });
  });

  it('aborts a check that hangs', async () => {
    let signal: AbortSignal | undefined;
    const check: HealthCheck = (given) => {
      signal = given;
      return hangs(given);
    };
    const report = await createHealth({ checks: { database: check }, timeoutMs: 20 }).ready();
    expect(report.checks['database']).toEqual({
      status: 'down',
      reason: 'timeout',
      required: true,
    });
    expect(signal?.aborted).toBe(true);
  });

  it('reports a check that throws synchronously as failed', async () => {
    const throws: HealthCheck = () => {
      throw new Error('at once');
    };
    expect((await createHealth({ checks: { database: throws } }).ready()).status).toBe('unready');
  });

  it('checks each dependency once for simultaneous requests', async () => {
    let calls = 0;
    const counted: HealthCheck = () => {
      calls += 1;
      return Promise.resolve();
    };
    const health = createHealth({ checks: { database: counted } });
    await Promise.all([health.ready(), health.ready(), health.ready()]);
    expect(calls).toBe(1);
    await health.ready();
    expect(calls).toBe(2);
  });

  it('reports a shutdown, and stops checking dependencies', async () => {
    const health = createHealth({ checks: { database: hangs } });
    health.shutDown();
    expect(await health.ready()).toEqual({ status: 'shutting-down', checks: {} });
    expect(health.live()).toEqual({ status: 'live' });
  });

  it('logs a change once, with the reason', async () => {
    const { logger, lines } = logLines();
    let check = down;
    const health = createHealth({ checks: { database: (signal) => check(signal) }, logger });
    await health.ready();
    await health.ready();
    check = up;
    await health.ready();
    await health.ready();
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'dependency is down', check: 'database', reason: 'failed' },
      { level: 'info', msg: 'dependency is back', check: 'database' },
    ]);
  });
});
