import { CreateRepositoryCommand, PutAccountSettingCommand } from '@aws-sdk/client-ecr';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushBlob, pushSample, sampleImage } from '../test/sample-images';

let server: LocalServer;
const name = 'team/blobs/app';
const { layer: blob } = sampleImage('v1');

beforeEach(async () => {
  server = await startLocalServer();
  await server.client.send(new CreateRepositoryCommand({ repositoryName: name }));
});
afterEach(() => server.close());

describe('a blob', () => {
  const mountInto = (repository: string) =>
    server.v2(`/v2/${repository}/blobs/uploads/?mount=${blob.digest}&from=${name}`, {
      method: 'POST',
    });
  const enableMounting = () =>
    server.client.send(new PutAccountSettingCommand({ name: 'BLOB_MOUNTING', value: 'ENABLED' }));

  it('is mounted from another repository once the account has that enabled', async () => {
    await pushSample(server.v2, name, 'v1');
    await server.client.send(new CreateRepositoryCommand({ repositoryName: 'other' }));
    await enableMounting();
    const mounted = await mountInto('other');
    expect(mounted.status).toBe(201);
    expect(mounted.headers.get('docker-content-digest')).toBe(blob.digest);
    const pulled = await server.v2(mounted.headers.get('location') ?? '');
    expect(await pulled.text()).toBe('layer of v1');
  });

  it('is not mounted while no image of the other repository has it', async () => {
    await pushBlob(server.v2, name, blob);
    await server.client.send(new CreateRepositoryCommand({ repositoryName: 'other' }));
    await enableMounting();
    expect((await mountInto('other')).status).toBe(202);
    await pushSample(server.v2, name, 'v1');
    expect((await mountInto('other')).status).toBe(201);
    const digest = sampleImage('v1').manifest.digest;
    await server.v2(`/v2/${name}/manifests/${digest}`, { method: 'DELETE' });
    await server.client.send(new CreateRepositoryCommand({ repositoryName: 'third' }));
    expect((await mountInto('third')).status).toBe(202);
  });

  it('is not mounted into a repository of other encryption, nor from one that lacks it', async () => {
    await enableMounting();
    const encryptionConfiguration = { encryptionType: 'KMS' } as const;
    for (const repository of [
      { repositoryName: 'other' },
      { repositoryName: 'kms', encryptionConfiguration },
    ]) {
      await server.client.send(new CreateRepositoryCommand(repository));
    }
    expect((await mountInto('other')).status).toBe(202);
    await pushSample(server.v2, name, 'v1');
    expect((await mountInto('kms')).status).toBe(202);
    const unknown = `/v2/other/blobs/uploads/?mount=${blob.digest}&from=nowhere`;
    expect((await server.v2(unknown, { method: 'POST' })).status).toBe(202);
  });

  it('is not mounted from another repository unless that is enabled: an upload starts instead', async () => {
    await pushSample(server.v2, name, 'v1');
    await server.client.send(new CreateRepositoryCommand({ repositoryName: 'other' }));
    const response = await mountInto('other');
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toContain('/v2/other/blobs/uploads/');
    expect((await server.v2(`/v2/other/blobs/${blob.digest}`)).status).toBe(404);
  });
});
