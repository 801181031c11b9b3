import request from 'supertest';
import { RunningApp, statusServer } from '../test/running-app';

async function readiness(recordServiceUrl?: string) {
  const running = await RunningApp.start({ recordServiceUrl });
  const { status, body } = await request(running.url).get('/health/ready');
  await running.stop();
  return { status, body: body as unknown };
}

describe('readiness', () => {
  it('needs no record-service', async () => {
    expect(await readiness()).toEqual({ status: 200, body: { status: 'ready', checks: {} } });
  });

  it('reports that record-service is ready', async () => {
    const { server, url } = await statusServer(200);
    const answer = await readiness(url);
    server.close();
    expect(answer).toEqual({
      status: 200,
      body: { status: 'ready', checks: { 'record-service': { status: 'up', required: false } } },
    });
  });

  it('is degraded, and still 200, while record-service is not ready', async () => {
    const { server, url } = await statusServer(503);
    const answer = await readiness(url);
    server.close();
    expect(answer).toMatchObject({ status: 200, body: { status: 'degraded' } });
  });

  it('is degraded, and still 200, while record-service is gone', async () => {
    const { server, url } = await statusServer(200);
    await new Promise((resolve) => server.close(resolve));
    expect(await readiness(url)).toMatchObject({ status: 200, body: { status: 'degraded' } });
  });
});
