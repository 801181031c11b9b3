import { randomBytes } from 'node:crypto';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { digestOf, RegistryClient } from '@typerush/oci';
import { EcrLocal } from '../test';
import { EcrRepositories } from './ecr-repositories';

jest.setTimeout(60_000);

const chunkBytes = 100_000;

describe.each(['ecr', 'oci'] as const)('a push to the registry protocol of %s', (protocol) => {
  let server: EcrLocal;
  beforeAll(async () => {
    server = await EcrLocal.start(protocol);
    await server.ecr.send(new CreateRepositoryCommand({ repositoryName: 'team/app' }));
  });
  afterAll(() => server.stop());

  /** @param lost the PATCH whose response does not arrive, from 1 */
  const connect = async (lost?: number) => {
    const names = { project: 'app', environment: 'local' } as const;
    const target = await new EcrRepositories(server.target, names).find('team/app');
    const chunks: number[] = [];
    const client = new RegistryClient({
      ...target,
      chunkBytes,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (init?.method === 'PATCH' && chunks.push(response.status) === lost) {
          await response.body?.cancel();
          throw new TypeError('fetch failed');
        }
        return response;
      },
    });
    return { client, chunks, path: target.path };
  };
  const randomBlob = () => {
    const bytes = randomBytes(2.5 * chunkBytes);
    return { bytes, blob: { digest: digestOf(bytes), size: bytes.length } };
  };

  it('sends each chunk of a blob once', async () => {
    const { client, chunks, path } = await connect();
    for (let nth = 0; nth < 2; nth += 1) {
      const { bytes, blob } = randomBlob();
      expect(await client.uploadBlob(path, blob, bytes)).toBe('uploaded');
      expect(await client.hasBlob(path, blob.digest)).toBe(true);
    }
    expect(chunks).toEqual(Array(6).fill(protocol === 'ecr' ? 201 : 202));
  });

  it.each([1, 2, 3])('resumes if the response to chunk %i is lost', async (lost) => {
    const { client, chunks, path } = await connect(lost);
    const { bytes, blob } = randomBlob();
    expect(await client.uploadBlob(path, blob, bytes)).toBe('uploaded');
    expect(await client.hasBlob(path, blob.digest)).toBe(true);
    expect(chunks).toHaveLength(3);
  });

  it('fails with UNAUTHORIZED if the login is wrong, also in a response without a body', async () => {
    const { host, scheme, path } = await new EcrRepositories(server.target, {
      project: 'app',
      environment: 'local',
    }).find('team/app');
    const credentials = { username: 'AWS', password: 'wrong-wrong' };
    const client = new RegistryClient({ host, scheme, credentials });
    const rejection = { code: 'UNAUTHORIZED', status: protocol === 'ecr' ? 400 : 401 };
    const { blob } = randomBlob();
    await expect(client.hasBlob(path, blob.digest)).rejects.toMatchObject(rejection);
    await expect(client.getManifest(path, 'v1')).rejects.toMatchObject(rejection);
  });
});
