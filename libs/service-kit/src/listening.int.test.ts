import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { listen, trackConnections } from './listening';

describe('listening', () => {
  it('returns the URL with the real port', async () => {
    const server = createServer();
    const url = await listen(server, { host: '127.0.0.1', port: 0 });
    expect(url).toBe(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.close();
  });

  it('names the address variables of the program', async () => {
    const first = createServer();
    const port = Number(new URL(await listen(first, { host: '127.0.0.1', port: 0 })).port);
    const variables = { port: 'REGISTRY_PORT', host: 'REGISTRY_HOST' };
    await expect(listen(createServer(), { host: '127.0.0.1', port }, variables)).rejects.toThrow(
      'set REGISTRY_PORT to a free port',
    );
    first.close();
  });

  it('fails with the address, the reason and the cause', async () => {
    const first = createServer();
    const port = Number(new URL(await listen(first, { host: '127.0.0.1', port: 0 })).port);
    await expect(listen(createServer(), { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringContaining(`port ${port} on 127.0.0.1 is in use`) as string,
      cause: { code: 'EADDRINUSE' },
    });
    first.close();
  });
});

describe('closing a server', () => {
  it('closes upgraded connections at the limit, while Node would wait forever', async () => {
    const server = createServer();
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
    });
    const close = trackConnections(server);
    await listen(server, { host: '127.0.0.1', port: 0 });
    const client = connect((server.address() as AddressInfo).port);
    client.write('GET / HTTP/1.1\r\nhost: x\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
    await once(client, 'data');
    expect(await close(50)).toBe(false);
    client.destroy();
  });

  it('reports that all connections ended by themselves', async () => {
    const server = createServer((_request, response) => response.end('ok'));
    const close = trackConnections(server);
    const url = await listen(server, { host: '127.0.0.1', port: 0 });
    await (await fetch(url)).text();
    expect(await close(5_000)).toBe(true);
  });
});
