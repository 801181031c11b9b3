import { randomBytes } from 'node:crypto';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { digestOf, RegistryClient } from '@typerush/oci';
import { EcrLocal } from '../test';
import { EcrRepositories } from './ecr-repositories';

jest.setTimeout(60_000);

describe.each(['ecr', 'oci'] as const)('a push to the registry protocol of %s', (protocol) => {
  let server: EcrLocal;
  beforeAll(async () => {
    server = await EcrLocal.start(protocol);
    await server.ecr.send(new CreateRepositoryCommand({ repositoryName: 'team/app' }));
  });
  afterAll(() => server.stop());

  it('brings blobs that are larger than a chunk, and tries chunks only where they work', async () => {
    const names = { project: 'app', environment: 'local' } as const;
    const { host, path, scheme, credentials } = await new EcrRepositories(
      server.target,
      names,
    ).find('team/app');
    const requests: string[] = [];
    const client = new RegistryClient({
      host,
      scheme,
      credentials,
      chunkBytes: 100_000,
      fetch: (input, init) => {
        requests.push(init?.method ?? 'GET');
        return fetch(input, init);
      },
    });
    for (let nth = 0; nth < 2; nth += 1) {
      const bytes = randomBytes(250_000);
      const blob = { digest: digestOf(bytes), size: bytes.length };
      expect(await client.uploadBlob(path, blob, bytes)).toBe('uploaded');
      expect(await client.hasBlob(path, blob.digest)).toBe(true);
    }
    // One attempt at ECR, whose answer says that it takes no chunks; three chunks for each blob elsewhere.
    expect(requests.filter((method) => method === 'PATCH')).toHaveLength(
      protocol === 'ecr' ? 1 : 6,
    );
  });
});
