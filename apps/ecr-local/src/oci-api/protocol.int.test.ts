import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushSample, putManifest, sampleBlob } from '../test/sample-images';
import { type Protocol } from './protocol';

const repositoryName = 'team/app';

describe.each<Protocol>(['ecr', 'oci'])('the registry protocol of %s', (protocol) => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startLocalServer({ protocol });
    await server.ecr.createRepository({ repositoryName });
    const { manifest } = await pushSample(server.v2, repositoryName, 't000');
    for (let nth = 1; nth <= 101; nth += 1) {
      const tag = `t${String(nth).padStart(3, '0')}`;
      await putManifest(server.v2, repositoryName, tag, manifest);
    }
  });
  afterAll(() => server.close());
  const isEcr = protocol === 'ecr';

  it('answers a PATCH, and takes the upload in chunks', async () => {
    const begun = await server.v2(`/v2/${repositoryName}/blobs/uploads/`, { method: 'POST' });
    expect(begun.status).toBe(202);
    const { bytes, digest } = sampleBlob('in two chunks');
    const location = begun.headers.get('location') ?? '';
    const send = (method: string, part: Buffer, query = '') =>
      server.v2(`${location}${query}`, { method, body: part });
    const first = await send('PATCH', bytes.subarray(0, 6));
    expect([first.status, first.headers.get('range')]).toEqual([isEcr ? 201 : 202, '0-5']);
    const second = await send('PATCH', bytes.subarray(6));
    expect(second.headers.get('range')).toBe(isEcr ? '0-6' : '0-12');
    const end = await send('PUT', Buffer.alloc(0), `?digest=${digest}`);
    expect([end.status, end.headers.get('docker-content-digest')]).toEqual([201, digest]);
  });

  it('lists tags by page', async () => {
    const list = async (query: string) => {
      const response = await server.v2(`/v2/${repositoryName}/tags/list${query}`);
      const { tags = [] } = (await response.json()) as { tags?: string[] };
      return { status: response.status, count: tags.length, link: response.headers.get('link') };
    };
    expect(await list('')).toEqual({
      status: 200,
      count: isEcr ? 100 : 102,
      link: isEcr ? `</v2/${repositoryName}/tags/list?n=100&last=t099>; rel="next"` : null,
    });
    expect(await list('?n=100&last=t099')).toMatchObject({ count: 2, link: null });
    expect((await list('?n=1000')).status).toBe(200);
    expect((await list('?n=1001')).status).toBe(isEcr ? 400 : 200);
  });

  it('refuses an invalid login, and asks for one', async () => {
    const login = (authorization?: string) =>
      fetch(`${server.url}/v2/`, { headers: authorization ? { authorization } : {} });
    expect((await login()).status).toBe(401);
    const invalid = Buffer.from('AWS:nothing').toString('base64');
    expect((await login(`Basic ${invalid}`)).status).toBe(isEcr ? 400 : 401);
  });
});

describe('a push of an image to an immutable tag that it has', () => {
  it.each([
    ['accept', 201],
    ['reject', 400],
  ] as const)(
    'is answered as ECR_LOCAL_IMMUTABLE_REPUSH says: %s',
    async (immutableRepush, status) => {
      const server = await startLocalServer({ immutableRepush });
      try {
        await server.ecr.createRepository({ repositoryName, imageTagMutability: 'IMMUTABLE' });
        const { manifest } = await pushSample(server.v2, repositoryName, 'v1');
        const again = await putManifest(server.v2, repositoryName, 'v1', manifest);
        expect(again.status).toBe(status);
        if (status === 400) {
          expect(await again.json()).toMatchObject({ errors: [{ code: 'TAG_INVALID' }] });
        }
        const further = await putManifest(server.v2, repositoryName, 'v2', manifest);
        const byDigest = await putManifest(server.v2, repositoryName, manifest.digest, manifest);
        expect([further.status, byDigest.status]).toEqual([201, 201]);
      } finally {
        await server.close();
      }
    },
  );
});
