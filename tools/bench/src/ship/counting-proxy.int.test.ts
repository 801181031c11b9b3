import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { CountingProxy } from './counting-proxy';

let registry: Server;
let address: string;
let proxy: CountingProxy;
let received: number;

beforeEach(async () => {
  received = 0;
  registry = createServer((request: IncomingMessage, response) => {
    request.on('data', (chunk: Buffer) => (received += chunk.length));
    request.on('end', () => {
      response.setHeader('location', `http://${address}/v2/`);
      response.end(request.method === 'GET' ? Buffer.alloc(3e6, 1) : 'taken');
    });
  }).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  address = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  proxy = await CountingProxy.listen(address);
});
afterEach(async () => {
  await proxy.close();
  registry.closeAllConnections();
  await new Promise((resolve) => registry.close(resolve));
});

const url = () => `http://${proxy.address}/`;

it('counts bytes to the registry, but not those of responses', async () => {
  const answer = await fetch(url(), { method: 'PUT', body: Buffer.alloc(1e6) });
  expect(await answer.text()).toBe('taken');
  expect(received).toBe(1e6);
  expect(proxy.sent).toBeGreaterThan(1e6);
  const sent = proxy.sent;
  expect((await (await fetch(url())).arrayBuffer()).byteLength).toBe(3e6);
  expect(proxy.sent - sent).toBeLessThan(1000);
});

it('replaces the address of the registry with its own, so that clients keep using it', async () => {
  const answer = await fetch(url(), { method: 'PUT' });
  expect(answer.headers.get('location')).toBe(`http://${proxy.address}/v2/`);
});
