import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import request from 'supertest';
import { z } from 'zod';
import { logLines } from '../test/log-lines';
import {
  createHealth,
  createMetrics,
  errorResponder,
  jsonBody,
  notFoundResponder,
  operationsRouter,
  parseRequest,
  requestLogging,
  ServiceError,
} from './index';

const answers: Record<string, unknown> = {
  CONFLICT: new ServiceError('CONFLICT', 'The name is taken. Choose another.', {
    details: { name: 'Ada' },
    cause: new Error('unique key'),
  }),
  NAME_TAKEN: new ServiceError('NAME_TAKEN', 'Taken.'),
  UNAVAILABLE: new ServiceError('UNAVAILABLE', 'database at 10.0.0.7 is away'),
  UNMAPPED: new ServiceError('UNMAPPED', 'an inner secret'),
  bug: new Error('an inner secret'),
  string: 'an inner secret',
  upstream: Object.assign(new Error('an inner secret'), { status: 404 }),
};

function setUp() {
  const { logger, lines } = logLines();
  const health = createHealth({
    checks: { database: () => Promise.reject(new Error('an inner secret')) },
  });
  const metrics = createMetrics({ service: 'test' });
  const app = express();
  app.use(operationsRouter({ health, metrics }));
  app.use(requestLogging({ logger }), metrics.requestTiming);
  app.get('/players/:id', (_request, response) => void response.send('ok'));
  app.get('/throw/:name', ({ params }) => {
    throw answers[params.name];
  });
  app.get('/hang', () => logger.info('hanging'));
  app.get('/half', (_request, response, next) => {
    response.write('half of it');
    next(new Error('too late'));
  });
  app.post('/names', jsonBody({ limit: '1kb' }), ({ body }, response) => {
    response.json(parseRequest(z.strictObject({ name: z.string().max(5) }), body));
  });
  app.use(notFoundResponder(), errorResponder({ logger, statuses: { NAME_TAKEN: 409 } }));
  return { app, lines, health };
}

describe('the operations routes', () => {
  it('report that the process is alive', async () => {
    const answer = await request(setUp().app).get('/health/live');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'live' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('respond with 503 and the state of each dependency, but not its error', async () => {
    const answer = await request(setUp().app).get('/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({
      status: 'unready',
      checks: { database: { status: 'down' } },
    });
    expect(answer.text).not.toContain('secret');
  });

  it('return metrics by route pattern, not by path', async () => {
    const { app } = setUp();
    for (const path of ['/players/1', '/players/2', '/nowhere/3', '/nowhere/4']) {
      await request(app).get(path);
    }
    const { text, headers } = await request(app).get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    const count = (route: string, status: number) =>
      `http_request_duration_seconds_count{service="test",method="GET",route="${route}",status="${status}"} 2`;
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([count('/players/:id', 200), count('unmatched', 404)]),
    );
    expect(text).not.toContain('nowhere');
    expect(text).toContain('process_cpu_seconds_total');
  });
});

describe('a request', () => {
  it('is logged in one line, without its query', async () => {
    const { app, lines } = setUp();
    await request(app).get('/players/1?token=hush').set('x-request-id', 'caller-1');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      msg: 'request',
      requestId: 'caller-1',
      method: 'GET',
      path: '/players/1',
      status: 200,
    });
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  it.each([undefined, 'a b', 'x'.repeat(65), '"}{'])(
    'gets a new id instead of %j',
    async (given) => {
      const call = request(setUp().app).get('/players/1');
      const answer = await (given === undefined ? call : call.set('x-request-id', given));
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('is logged as aborted if the client closes the connection', async () => {
    const { app, lines } = setUp();
    const server = createServer(app).listen(0);
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port);
    client.write('GET /hang HTTP/1.1\r\nhost: x\r\n\r\n');
    await until(() => lines.some(({ msg }) => msg === 'hanging'));
    client.destroy();
    await until(() => lines.length === 2);
    expect(lines[1]).toMatchObject({ msg: 'request aborted by the client', path: '/hang' });
    server.close();
  });
});

describe('an error', () => {
  it('of ServiceError returns code, message, details and the request id', async () => {
    const answer = await request(setUp().app).get('/throw/CONFLICT').set('x-request-id', 'r1');
    expect(answer.status).toBe(409);
    expect(answer.body).toEqual({
      error: {
        code: 'CONFLICT',
        message: 'The name is taken. Choose another.',
        details: { name: 'Ada' },
        requestId: 'r1',
      },
    });
  });

  it('can have a code that the app adds', async () => {
    expect((await request(setUp().app).get('/throw/NAME_TAKEN')).status).toBe(409);
  });

  it.each(['UNMAPPED', 'bug', 'string', 'upstream'])(
    'that is unexpected (%s) returns only an id',
    async (name) => {
      const { app, lines } = setUp();
      const answer = await request(app).get(`/throw/${name}`).set('x-request-id', 'r1');
      expect(answer.status).toBe(500);
      expect(answer.body).toMatchObject({ error: { code: 'INTERNAL', requestId: 'r1' } });
      expect(answer.text).not.toContain('secret');
      expect(lines[0]).toMatchObject({ level: 'error', msg: 'request failed', requestId: 'r1' });
      expect(JSON.stringify(lines[0])).toContain('an inner secret');
    },
  );

  it('of a dependency returns 503 without details', async () => {
    const answer = await request(setUp().app).get('/throw/UNAVAILABLE');
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ error: { code: 'UNAVAILABLE' } });
    expect(answer.text).not.toContain('10.0.0.7');
  });

  it('after the response has begun closes the connection', async () => {
    await expect(request(setUp().app).get('/half')).rejects.toThrow(/aborted|hang up/);
  });

  it('of an unknown path returns 404', async () => {
    const answer = await request(setUp().app).post('/nowhere');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      error: { code: 'NOT_FOUND', message: 'There is no POST /nowhere here.' },
    });
  });
});

describe('a body', () => {
  const post = (body: string, type = 'application/json') =>
    request(setUp().app).post('/names').set('content-type', type).send(body);

  it('is validated', async () => {
    expect((await post('{"name":"Ada"}')).body).toEqual({ name: 'Ada' });
  });

  it.each([
    ['not JSON', '{"name":', 400, 'MALFORMED_JSON'],
    ['empty', '', 400, 'INVALID_REQUEST'],
    ['not an object', '[]', 400, 'INVALID_REQUEST'],
    ['too large', `{"name":"${'x'.repeat(2_000)}"}`, 413, 'PAYLOAD_TOO_LARGE'],
  ])('that is %s is refused', async (_what, body, status, code) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { code } });
  });

  it('without a content type of JSON is rejected', async () => {
    const answer = await post('name=Ada', 'application/x-www-form-urlencoded');
    expect(answer.status).toBe(415);
    expect(answer.body).toMatchObject({ error: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  it('in an unknown character set is rejected', async () => {
    const answer = await post('{}', 'application/json; charset=klingon');
    expect(answer.status).toBe(415);
    expect(answer.body).toMatchObject({ error: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  it('that is invalid gets an error that names each field', async () => {
    const answer = await post('{"name":"too long","age":7}');
    expect(answer.status).toBe(400);
    const { error } = answer.body as { error: { code: string; details: { issues: object[] } } };
    expect(error.code).toBe('INVALID_REQUEST');
    expect(error.details.issues).toHaveLength(2);
    expect(error.details.issues).toContainEqual(expect.objectContaining({ path: 'name' }));
  });
});

/** Waits for what another part of this process is about to do. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
