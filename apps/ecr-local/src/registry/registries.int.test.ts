import {
  CreateRepositoryCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAccountSettingCommand,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  ListTagsForResourceCommand,
  PutAccountSettingCommand,
} from '@aws-sdk/client-ecr';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushSample } from '../test/sample-images';

const storage = createMemoryStorage(() => new Date());
const repositoryName = 'team/app';
const other = '123456789012';

let server: LocalServer;
const start = async () => {
  server = await startLocalServer({ storage });
};
beforeAll(start);
afterAll(() => server.close());

const clientOf = (region: string, accessKeyId = 'local') =>
  new ECRClient({
    endpoint: server.url,
    region,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

const names = async (client: ECRClient) => {
  const { repositories = [] } = await client.send(new DescribeRepositoriesCommand({}));
  return repositories.map(({ repositoryArn }) => repositoryArn);
};

/** A client of the registry protocol with a token of this registry. */
const protocolOf = async (client: ECRClient) => {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  return (path: string, init?: RequestInit) =>
    fetch(`${server.url}${path}`, { ...init, headers: { authorization, ...init?.headers } });
};

describe('a registry of an account in a region', () => {
  it('has repositories of its own, by the region and the access key of the signature', async () => {
    for (const [region, key] of [
      ['ap-southeast-1', 'local'],
      ['eu-west-1', 'local'],
      ['eu-west-1', other],
    ] as const) {
      const { repository } = await clientOf(region, key).send(
        new CreateRepositoryCommand({ repositoryName, tags: [{ Key: 'at', Value: region }] }),
      );
      const account = key === other ? other : '000000000000';
      expect(repository).toMatchObject({
        registryId: account,
        repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${repositoryName}`,
      });
    }
    expect(await names(clientOf('us-east-1'))).toEqual([]);
    expect(await names(clientOf('eu-west-1', other))).toEqual([
      `arn:aws:ecr:eu-west-1:${other}:repository/${repositoryName}`,
    ]);
    const { registryId } = await clientOf('eu-west-1', other).send(new DescribeRegistryCommand({}));
    expect(registryId).toBe(other);
  });

  it('takes ARNs of its own region and account alone', async () => {
    const resourceArn = `arn:aws:ecr:eu-west-1:000000000000:repository/${repositoryName}`;
    const list = new ListTagsForResourceCommand({ resourceArn });
    expect((await clientOf('eu-west-1').send(list)).tags).toEqual([
      { Key: 'at', Value: 'eu-west-1' },
    ]);
    await expect(clientOf('ap-southeast-1').send(list)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('receives the images that are pushed with its token, and no others', async () => {
    const [here, there] = [clientOf('ap-southeast-1'), clientOf('eu-west-1')];
    const { manifest, layer } = await pushSample(await protocolOf(there), repositoryName, 'v1');
    const pull = async (client: ECRClient) =>
      (await (await protocolOf(client))(`/v2/${repositoryName}/manifests/v1`)).status;
    expect(manifest.digest).toMatch(/^sha256:/);
    expect(await pull(there)).toBe(200);
    expect(await pull(here)).toBe(404);
    expect(await pull(clientOf('eu-west-1', other))).toBe(404);
    const get = new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: layer.digest });
    const { downloadUrl = '' } = await there.send(get);
    expect((await fetch(downloadUrl)).status).toBe(200);
    await expect(here.send(get)).rejects.toMatchObject({ name: 'LayersNotFoundException' });
  });

  it('has account settings of its own', async () => {
    const setting = { name: 'BLOB_MOUNTING' };
    const put = new PutAccountSettingCommand({ ...setting, value: 'ENABLED' });
    await clientOf('eu-west-1').send(put);
    const get = new GetAccountSettingCommand(setting);
    expect((await clientOf('eu-west-1').send(get)).value).toBe('ENABLED');
    expect((await clientOf('ap-southeast-1').send(get)).value).toBe('DISABLED');
  });

  it('is there after a restart', async () => {
    await server.close();
    await start();
    expect(await names(clientOf('eu-west-1', other))).toHaveLength(1);
    expect(await names(clientOf('ap-southeast-1'))).toHaveLength(1);
    const get = new GetAccountSettingCommand({ name: 'BLOB_MOUNTING' });
    expect((await clientOf('eu-west-1').send(get)).value).toBe('ENABLED');
    const pull = await protocolOf(clientOf('eu-west-1'));
    expect((await pull(`/v2/${repositoryName}/manifests/v1`)).status).toBe(200);
  });
});
