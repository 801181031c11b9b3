import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleRound } from '../test/sample-round';
import { ServiceProcess } from '../test/service-process';

const SERVICE_TOKEN = 'a-token-for-tests-with-more-than-32-characters';
/** Nothing listens on port 1. */
const nowhere = 'postgresql://records:s3cret@127.0.0.1:1/records';

describe('record-service as a process', () => {
  let temporary: string;
  let service: ServiceProcess | undefined;
  const start = (env: Record<string, string>) => (service = new ServiceProcess(env));

  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'record-service-'));
  });
  afterEach(async () => {
    service?.stop();
    await service?.ended();
    await rm(temporary, { recursive: true });
  });

  it('keeps its matches over a restart, and ends with 0 on SIGTERM', async () => {
    const round = sampleRound();
    const env = { SERVICE_TOKEN, PGLITE_DIR: join(temporary, 'database') };
    const first = start(env);
    await first.logged('database ready');
    const { url } = await first.logged('listening');
    const written = await fetch(`${url}/v1/matches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SERVICE_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(round),
    });
    expect(written.status).toBe(201);
    first.stop();
    expect(await first.ended()).toMatchObject({ code: 0, stderr: '' });

    const second = start(env);
    expect(await second.logged('database ready')).toMatchObject({ applied: [] });
    const again = await second.logged('listening');
    const read = await fetch(`${again.url}${written.headers.get('location')}`);
    expect(await read.json()).toEqual(await written.json());
  });

  it('reports the problems of its configuration, and exits with 1', async () => {
    const { code, stderr } = await start({ SERVICE_TOKEN: 'short' }).ended();
    expect(code).toBe(1);
    expect(stderr).toMatch(/SERVICE_TOKEN is not 32 to 256/);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('is alive and not ready while it waits for its database, and ends with 0 on SIGTERM', async () => {
    const waiting = start({ SERVICE_TOKEN, DATABASE_URL: nowhere, DATABASE_WAIT: '10m' });
    const { url } = await waiting.logged('listening');
    await waiting.logged('database does not answer yet');
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    waiting.stop();
    expect((await waiting.ended()).code).toBe(0);
  });

  it('ends with 1 when the wait is over, with the reason and no secret in the log', async () => {
    const { code, stderr, lines } = await start({
      SERVICE_TOKEN,
      DATABASE_URL: nowhere,
      DATABASE_WAIT: '0s',
    }).ended();
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      level: 'fatal',
      code: 'DATABASE_UNREACHABLE',
      reason: expect.stringContaining('127.0.0.1:1'),
    });
    expect(JSON.stringify(lines) + stderr).not.toContain('s3cret');
  });
});
