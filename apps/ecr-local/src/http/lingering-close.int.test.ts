import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { connect } from 'node:net';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type LocalServer, startLocalServer } from '../test/local-server';

const repositoryName = 'team/app';
const chunk = Buffer.alloc(64 * 1024, 1);
const chunks = 80;

let server: LocalServer;
let full: boolean;

beforeEach(async () => {
  full = false;
  const storage = createMemoryStorage(() => new Date());
  const append: typeof storage.uploads.append = async (bucket, id, start, bytes) => {
    if (!full) return storage.uploads.append(bucket, id, start, bytes);
    for await (const { length } of bytes) {
      if (length > 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    }
    return 0;
  };
  server = await startLocalServer({
    storage: { ...storage, uploads: { ...storage.uploads, append } },
  });
  await server.client.send(new CreateRepositoryCommand({ repositoryName }));
});
afterEach(() => server.close());

/** A client as skopeo is: it sends its whole body in chunks, whatever comes meanwhile, and wants no other request. */
async function send(method: string, path: string, headers: Record<string, string>) {
  const socket = connect(Number(server.host.split(':')[1]), '127.0.0.1');
  let received = '';
  let failure: Error | undefined;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (bytes) => (received += bytes.toString()));
  socket.on('error', (error) => (failure = error));
  const all = {
    ...headers,
    host: server.host,
    connection: 'close',
    'transfer-encoding': 'chunked',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  for (let n = 0; n < chunks && !socket.destroyed; n += 1) {
    socket.write(`${chunk.length.toString(16)}\r\n`);
    socket.write(chunk);
    socket.write('\r\n');
  }
  if (!socket.destroyed) socket.write('0\r\n\r\n');
  await closed;
  const [head = '', body = ''] = received.split('\r\n\r\n');
  return { failure, status: Number(head.split(' ')[1]), head, body };
}

const loginOf = async () => {
  const { authorizationData } = await server.ecr.getAuthorizationToken({});
  return { authorization: `Basic ${authorizationData?.[0]?.authorizationToken}` };
};

describe('an answer that comes while the client still sends, on a connection that closes', () => {
  it('is read by the client if the disk is full', async () => {
    const started = await server.v2(`/v2/${repositoryName}/blobs/uploads/`, { method: 'POST' });
    full = true;
    const location = started.headers.get('location') ?? '';
    const answer = await send('PATCH', location, await loginOf());
    expect(answer).toMatchObject({
      failure: undefined,
      status: 507,
      body: expect.stringContaining('There is no space left'),
    });
    expect(answer.head).toMatch(/^connection: close$/im);
  });

  it.each<[string, string, string, number]>([
    ['the upload is not known', 'PATCH', `/v2/${repositoryName}/blobs/uploads/none`, 404],
    ['a manifest is too large', 'PUT', `/v2/${repositoryName}/manifests/v1`, 413],
    ['the path is not known', 'POST', '/v2/none', 404],
  ])('is read by the client if %s', async (_reason, method, path, status) => {
    const answer = await send(method, path, await loginOf());
    expect(answer).toMatchObject({ failure: undefined, status });
  });

  it('is read by a client without a login', async () => {
    const answer = await send('PUT', `/v2/${repositoryName}/manifests/v1`, {});
    expect(answer).toMatchObject({ failure: undefined, status: 401 });
  });
});
