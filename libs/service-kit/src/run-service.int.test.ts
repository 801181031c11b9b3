import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ServiceProcess } from '../test/service-process';

// Processes start slowly on a busy machine.
jest.setTimeout(30_000);

let folder: string;
let running: ServiceProcess[] = [];

function run(env: Record<string, string> = {}): ServiceProcess {
  const service = new ServiceProcess(join(folder, 'main.js'), { PORT: '0', ...env });
  running.push(service);
  return service;
}

/** The lifecycle from start to stop, as logged. */
const stopped = ['stopping', 'second closed', 'first closed', 'stopped'];

describe('a service process', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'service-kit-'));
    await build({
      entryPoints: [join(__dirname, '../test/fixture-main.ts')],
      outfile: join(folder, 'main.js'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      logLevel: 'warning',
    });
  });
  afterEach(async () => {
    for (const service of running) service.signal('SIGKILL');
    await Promise.all(running.map((service) => service.exitCode()));
    running = [];
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('logs its address, which is loopback by default', async () => {
    const url = await run().url();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const live = await fetch(`${url}/health/live`);
    expect(await live.json()).toEqual({ status: 'live' });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('closes everything in reverse on %s', async (signal) => {
    const service = run();
    await service.url();
    service.signal(signal);
    expect(await service.exitCode()).toBe(0);
    expect(service.messages).toEqual(['listening', ...stopped]);
    expect(service.stderr).toBe('');
  });

  it('finishes a request in flight before it closes what the request needs', async () => {
    const service = run();
    const url = await service.url();
    const answer = fetch(`${url}/until-stopped`);
    await service.logged('waiting');
    service.signal('SIGTERM');
    await service.logged('stopping');
    expect(await (await answer).text()).toBe('done');
    expect(await service.exitCode()).toBe(0);
    expect(service.messages).toEqual([
      'listening',
      'waiting',
      'stopping',
      'request',
      ...stopped.slice(1),
    ]);
  });

  it('accepts no new connection while a request is in flight', async () => {
    const service = run();
    const url = await service.url();
    const failed = expect(fetch(`${url}/never`)).rejects.toThrow();
    await service.logged('waiting');
    service.signal('SIGTERM');
    while (await isAccepted(`${url}/health/live`));
    expect(service.messages).toEqual(['listening', 'waiting', 'stopping']);
    service.signal('SIGKILL');
    await failed;
  });

  it('leaves the end of an idle connection to a load balancer, which closes it after an hour', async () => {
    const response = await fetch(`${await run().url()}/health/live`);
    const [, seconds] = /^timeout=(\d+)$/.exec(response.headers.get('keep-alive') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(3_600);
  });

  it('does not wait for keep-alive connections, idle or busy', async () => {
    const service = run();
    const url = await service.url();
    const agent = new Agent({ keepAlive: true });
    await request(`${url}/health/live`, agent);
    const busy = request(`${url}/until-stopped`, new Agent({ keepAlive: true }));
    await service.logged('waiting');
    service.signal('SIGTERM');
    expect(await busy).toBe(200);
    expect(await service.exitCode()).toBe(0);
    expect(service.messages).not.toContain('ended connections that were still busy');
    agent.destroy();
  });

  it('closes busy connections at the limit', async () => {
    const service = run({ SHUTDOWN_LIMIT: '200ms' });
    const answer = fetch(`${await service.url()}/never`);
    const failed = expect(answer).rejects.toThrow();
    await service.logged('waiting');
    service.signal('SIGTERM');
    await failed;
    expect(await service.exitCode()).toBe(0);
    expect(service.messages).toContain('ended connections that were still busy');
    expect(service.messages.slice(-3)).toEqual(stopped.slice(1));
  });

  it('responds to readiness with 503 before the listener closes', async () => {
    const service = run({ SHUTDOWN_DELAY: '1m' });
    const url = await service.url();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    service.signal('SIGTERM');
    await service.logged('stopping');
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'shutting-down', checks: {} });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('exits at once on a second signal', async () => {
    const service = run();
    const answer = fetch(`${await service.url()}/never`);
    const failed = expect(answer).rejects.toThrow();
    await service.logged('waiting');
    service.signal('SIGTERM');
    await service.logged('stopping');
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(143);
    expect(service.messages).not.toContain('stopped');
    await failed;
  });

  it('can be stopped while it starts', async () => {
    const service = run({ FAIL_START: 'hang' });
    await service.logged('start hangs');
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(0);
    expect(service.messages).toEqual(['start hangs', ...stopped]);
    expect(service.stderr).toBe('');
  });

  it('names all invalid variables on stderr, without a stack trace', async () => {
    const service = run({ PORT: 'high', LOG_LEVEL: 'loud', HOST: 'http://x' });
    expect(await service.exitCode()).toBe(1);
    expect(service.lines).toEqual([]);
    expect(service.stderr.split('\n')).toEqual([
      'fixture: the configuration is not valid; correct these environment variables:',
      expect.stringContaining('PORT is not a port number.'),
      expect.stringContaining('HOST is not an address.'),
      expect.stringContaining('LOG_LEVEL is not a log level.'),
      '',
    ]);
  });

  it('names the port in use and the fix in one line, and closes its dependencies', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const service = run({ PORT: String(port) });
    const code = await service.exitCode();
    other.close();
    expect(code).toBe(1);
    expect(service.stderr).toBe(
      `fixture: port ${port} on 127.0.0.1 is in use; stop the program that listens there, or set PORT to a free port\n`,
    );
    expect(service.messages).toEqual(['second closed', 'first closed']);
  });

  it('reports an expected start error in one line', async () => {
    const service = run({ FAIL_START: 'mistake' });
    expect(await service.exitCode()).toBe(1);
    expect(service.stderr).toBe('fixture: start PostgreSQL\n');
    expect(service.messages).toEqual(['second closed', 'first closed']);
  });

  it('logs an unexpected error of the start', async () => {
    const service = run({ FAIL_START: 'bug' });
    expect(await service.exitCode()).toBe(1);
    expect(service.lines.at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'start failed',
      err: { message: 'a bug' },
    });
  });

  it.each([
    ['fails', 'throw', 'closing failed'],
    ['hangs', 'hang', 'closing took too long'],
  ])('closes the others when one %s', async (_how, failure, message) => {
    const service = run({ FAIL_CLOSE: failure, SHUTDOWN_LIMIT: '200ms' });
    await service.url();
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(0);
    expect(service.messages).toEqual(['listening', 'stopping', message, 'first closed', 'stopped']);
    expect(await service.logged(message)).toMatchObject({ dependency: 'second' });
  });

  it('logs an unhandled rejection and exits 1', async () => {
    const service = run();
    await fetch(`${await service.url()}/reject`).catch(() => undefined);
    expect(await service.exitCode()).toBe(1);
    expect(service.lines.at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'unhandled error',
      err: { message: 'nobody waits for this' },
    });
  });
});

/** The status, once the whole answer is here. */
function request(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    }).once('error', reject);
  });
}

/** Whether a connection of its own is still taken. */
async function isAccepted(url: string): Promise<boolean> {
  try {
    await request(url, new Agent());
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED';
  }
}
