import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { problemDetailsSchema } from '@typerush/contracts';
import express from 'express';
import request from 'supertest';
import { createLogger } from '@typerush/service-kit';
import { recordRoutes, type RecordRoutesOptions } from './record-routes';

const playerId = '0b8f7c9e-6a40-4f58-9f27-8a7c6d5e4f30';
const board = 'type-race.english-1k.25';
const json = { 'content-type': 'application/json; charset=utf-8' };

describe('reads of the records', () => {
  const servers: Server[] = [];
  const seen: IncomingMessage[] = [];

  async function listening(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** In front of a record-service that does this. */
  async function inFrontOf(
    listener: RequestListener,
    options: Partial<RecordRoutesOptions> = {},
  ): Promise<string> {
    const recordServiceUrl = await listening((incoming, response) => {
      seen.push(incoming);
      listener(incoming, response);
    });
    return listening(app({ recordServiceUrl, ...options }));
  }

  const app = (options: Partial<RecordRoutesOptions>) =>
    express().use(
      recordRoutes({
        recordServiceUrl: undefined,
        logger: createLogger({ service: 'test', level: 'silent' }),
        ...options,
      }),
    );

  afterEach(async () => {
    seen.length = 0;
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each([
    '/records',
    `/records/${playerId}`,
    `/v1/leaderboards/${board}?period=day&limit=10`,
    `/v1/leaderboards/${board}/around/${playerId}?limit=5`,
    `/v1/players/${playerId}`,
    `/v1/players/${playerId}/bests`,
    `/v1/players/${playerId}/matches?cursor=abc_-&mode=time`,
  ])('forward %s under the same path', async (path) => {
    const url = await inFrontOf((_request, response) =>
      response.writeHead(200, { ...json, etag: '"e1"' }).end('{"of":"records"}'),
    );
    const { status, body, headers } = await request(url).get(path);
    expect([status, body, headers['etag']]).toEqual([200, { of: 'records' }, '"e1"']);
    expect(seen.map(({ method, url }) => [method, url])).toEqual([['GET', path]]);
  });

  it('send no credentials and no address of the client, and return no cookie', async () => {
    const url = await inFrontOf((_request, response) =>
      response.writeHead(200, { ...json, 'set-cookie': 'a=b', 'x-inner': 'host-7' }).end('{}'),
    );
    const { headers } = await request(url).get('/records').set({
      authorization: 'Bearer a-token',
      cookie: 'session=secret',
      'x-forwarded-for': '10.0.0.7',
    });
    const [sent] = seen;
    for (const name of ['authorization', 'cookie', 'x-forwarded-for', 'forwarded']) {
      expect(sent?.headers).not.toHaveProperty(name);
    }
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('x-inner');
  });

  it('revalidate by ETag', async () => {
    const url = await inFrontOf(({ headers }, response) =>
      response.writeHead(headers['if-none-match'] === '"e1"' ? 304 : 200, json).end(),
    );
    await request(url).get('/records').set('if-none-match', '"e1"').expect(304);
  });

  it.each([
    ['POST', '/records'],
    ['PUT', `/v1/players/${playerId}`],
    ['POST', '/v1/matches'],
    ['GET', '/v1/matches/x/1'],
    ['GET', '/v1/players'],
    ['GET', '/v1/players/../../metrics'],
    ['GET', '/records/%2e%2e'],
    ['GET', '/records/..%2fmetrics'],
    ['GET', `/v1/leaderboards/..%2f..%2fmetrics%3f`],
    ['GET', `/v1/leaderboards/${board}%2faround`],
    ['GET', `/records/${playerId}/`.replace('/records', '/records/..')],
    ['GET', '/records/%00'],
    ['GET', `/records?q=${'x'.repeat(1_001)}`],
  ])('do not forward %s %s', async (method, path) => {
    const url = new URL(await inFrontOf((_request, response) => response.end('{}')));
    // A client's library would normalize the path.
    const socket = connect(Number(url.port), url.hostname);
    socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(seen).toEqual([]);
  });

  it('pass on what record-service refuses', async () => {
    const problem = { type: 'about:blank', title: 'Not Found', status: 404 };
    const url = await inFrontOf((_request, response) =>
      response
        .writeHead(404, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify(problem)),
    );
    const { status, headers, text } = await request(url).get(`/records/${playerId}`);
    expect([status, JSON.parse(text)]).toEqual([404, problem]);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  describe('answer 503 with problem details', () => {
    const expectUnavailable = async (url: string) => {
      const { status, headers, text } = await request(url).get('/records');
      expect(status).toBe(503);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(problemDetailsSchema.parse(JSON.parse(text))).toMatchObject({ code: 'UNAVAILABLE' });
      expect(text).not.toMatch(/ECONN|127\.0\.0\.1|record-service:/);
    };

    it('without a record-service', async () => {
      await expectUnavailable(await listening(app({})));
    });

    it('if it is down', async () => {
      const url = await listening(app({ recordServiceUrl: 'http://127.0.0.1:1' }));
      await expectUnavailable(url);
    });

    it('if it closes the connection', async () => {
      await expectUnavailable(await inFrontOf(({ socket }) => void socket.destroy()));
    });

    it('if it hangs before or within its response', async () => {
      const limits = { timeoutMs: 50 };
      await expectUnavailable(await inFrontOf(() => undefined, limits));
      const half: RequestListener = (_request, response) =>
        void response.writeHead(200, json).write('{');
      await expectUnavailable(await inFrontOf(half, limits));
    });

    it('if its response is too large', async () => {
      const large: RequestListener = (_request, response) =>
        response.writeHead(200, json).end(JSON.stringify('x'.repeat(2_000)));
      await expectUnavailable(await inFrontOf(large, { maxBytes: 1_000 }));
    });

    it.each(['text/html', 'image/svg+xml', 'application/jsonp', ''])(
      'if its response is of type "%s"',
      async (type) => {
        const page: RequestListener = (_request, response) =>
          response.writeHead(200, type ? { 'content-type': type } : {}).end('<script>');
        await expectUnavailable(await inFrontOf(page));
      },
    );

    it('if it redirects', async () => {
      const away: RequestListener = (_request, response) =>
        response.writeHead(302, { ...json, location: 'http://127.0.0.1:1/' }).end();
      await expectUnavailable(await inFrontOf(away));
    });

    it('if too many reads are running', async () => {
      const url = await inFrontOf(() => undefined, { maxConcurrent: 1, timeoutMs: 5_000 });
      const first = new AbortController();
      const hanging = fetch(`${url}/records`, { signal: first.signal }).catch(() => undefined);
      while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await expectUnavailable(url);
      // A client that leaves makes room.
      const ended = once(seen[0]!.socket, 'close');
      first.abort();
      await Promise.all([hanging, ended]);
    });
  });

  it('are limited by address', async () => {
    const url = await inFrontOf((_request, response) => response.writeHead(200, json).end('{}'), {
      perMinute: 2,
    });
    await request(url).get('/records').expect(200);
    await request(url).get(`/records/${playerId}`).expect(200);
    const { status, text } = await request(url).get('/records');
    expect([status, problemDetailsSchema.parse(JSON.parse(text)).code]).toEqual([
      429,
      'RATE_LIMITED',
    ]);
  });
});
