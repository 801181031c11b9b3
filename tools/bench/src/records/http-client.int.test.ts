import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { closeConnections, fetchText } from './http-client';

describe('the client of the bench', () => {
  let server: Server;
  afterEach(() => {
    closeConnections();
    server.close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('posts a body with a token', async () => {
    const url = await serve((request, response) => {
      request.setEncoding('utf8').once('data', (body: string) => {
        response.writeHead(201).end(`${request.method} ${request.headers.authorization} ${body}`);
      });
    });
    expect(await fetchText(url, { body: '{}', token: 'secret' })).toBe('POST Bearer secret {}');
  });

  it('rejects with the response of a failed request', async () => {
    const url = await serve((_request, response) => response.writeHead(503).end('not now'));
    await expect(fetchText(`${url}/a`)).rejects.toThrow(`${url}/a: HTTP 503: not now`);
  });

  it('repeats a request on another connection if the server has closed the one that it reused', async () => {
    const used = new WeakSet<object>();
    const url = await serve(({ socket }, response) => {
      if (used.has(socket)) return socket.destroy();
      used.add(socket);
      return response.end('ok');
    });
    expect(await fetchText(url)).toBe('ok');
    expect(await fetchText(url)).toBe('ok');
  });

  it('rejects if the server closes a new connection', async () => {
    const url = await serve(({ socket }) => socket.destroy());
    await expect(fetchText(url)).rejects.toThrow('socket hang up');
  });
});
