import { request } from 'node:http';
import { type LocalServer, startLocalServer } from '../test/local-server';

/** fetch does not let a caller choose the Host. */
const statusFor = (server: LocalServer, host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    request(server.url, { headers: { host } }, (response) => {
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

  it('to the root returns instructions', async () => {
    server = await startLocalServer();
    const text = await (await fetch(server.url)).text();
    expect(text).toContain(`AWS_ENDPOINT_URL=${server.url}`);
    expect(text).toContain(`docker push ${server.host}/hello/world:latest`);
  });
});
