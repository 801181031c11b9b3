import { request, type RequestOptions } from 'node:http';
import { hostname } from 'node:os';
import { type LocalServer, startLocalServer } from '../test/local-server';

/** fetch does not let a caller choose the Host. */
const statusFor = (server: LocalServer, host: string, path = '/', options: RequestOptions = {}) =>
  new Promise<number | undefined>((resolve, reject) => {
    const headers = { ...options.headers, host };
    request(`${server.url}${path}`, { ...options, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('a request to another name', () => {
  let server: LocalServer;
  afterEach(() => server.close());

  it('is rejected by a server on loopback, since a web page might send it', async () => {
    server = await startLocalServer();
    expect(await statusFor(server, 'example.com:5100')).toBe(421);
    expect(await statusFor(server, '127.0.0.1.example.com')).toBe(421);
    for (const host of ['localhost:5100', '127.0.0.1', '[::1]:5100', 'ecr.localhost:5100']) {
      expect(await statusFor(server, host)).toBe(200);
    }
  });

  it('is served if the server listens beyond loopback', async () => {
    server = await startLocalServer({ loopback: false });
    expect(await statusFor(server, 'ecr-local:5100')).toBe(200);
  });

  it('gets no page beyond loopback either, unless the name is an address or that of the machine', async () => {
    server = await startLocalServer({ loopback: false });
    const headers = { accept: 'text/html' };
    for (const path of ['/', '/_console/requests', '/_console/policy', '/_console/requests?live']) {
      expect(await statusFor(server, 'rebound.example.com:5100', path, { headers })).toBe(421);
      expect(await statusFor(server, '192.168.1.5.example.com', path, { headers })).toBe(421);
    }
    const change = { method: 'POST', headers: { origin: 'http://rebound.example.com:5100' } };
    expect(await statusFor(server, 'rebound.example.com:5100', '/_console/policy', change)).toBe(
      421,
    );
    for (const host of ['192.168.1.5:5100', '[fe80::1]:5100', 'localhost:5100', hostname()]) {
      expect(await statusFor(server, host, '/', { headers })).toBe(200);
      expect(await statusFor(server, host, '/_console/requests', { headers })).toBe(200);
    }
  });

  it('to the root returns instructions', async () => {
    server = await startLocalServer();
    const text = await (await fetch(server.url)).text();
    expect(text).toContain(`AWS_ENDPOINT_URL=${server.url}`);
    expect(text).toContain(`docker push ${server.host}/hello/world:latest`);
  });
});
