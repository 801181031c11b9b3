import {
  CreateRepositoryCommand,
  CreateRepositoryCreationTemplateCommand,
  DescribeImageReplicationStatusCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  PutRegistryPolicyCommand,
  PutReplicationConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type LocalServer, startLocalServer } from '../test/local-server';
import {
  indexType,
  pushBlob,
  pushSample,
  putManifest,
  sampleImage,
  sampleIndex,
} from '../test/sample-images';

const repositoryName = 'team/app';
const account = '000000000000';
const other = '123456789012';

let server: LocalServer;
beforeEach(async () => {
  server = await startLocalServer();
  await server.client.send(new CreateRepositoryCommand({ repositoryName }));
});
afterEach(() => server.close());

const clientOf = (region: string, accessKeyId = 'local') =>
  new ECRClient({
    endpoint: server.url,
    region,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

const replicateTo = (region: string, registryId = account, filter?: string) => {
  const repositoryFilters = filter ? [{ filter, filterType: 'PREFIX_MATCH' as const }] : undefined;
  const rules = [{ destinations: [{ region, registryId }], repositoryFilters }];
  const replicationConfiguration = { rules };
  return server.client.send(new PutReplicationConfigurationCommand({ replicationConfiguration }));
};

/** The statuses of an image once none is in progress. */
async function statuses(imageTag: string) {
  const command = new DescribeImageReplicationStatusCommand({
    repositoryName,
    imageId: { imageTag },
  });
  for (;;) {
    const { replicationStatuses = [] } = await server.client.send(command);
    if (!replicationStatuses.some(({ status }) => status === 'IN_PROGRESS')) {
      return replicationStatuses;
    }
    await sleep(10);
  }
}

const imagesOf = async (client: ECRClient) => {
  const { imageDetails = [] } = await client.send(new DescribeImagesCommand({ repositoryName }));
  return imageDetails.map(({ imageDigest, imageTags }) => [imageDigest, imageTags?.join()]);
};

describe('replication', () => {
  it('copies what is pushed to another region, an index after its images', async () => {
    await replicateTo('eu-west-1', account, 'team/');
    const image = sampleImage('child');
    await pushBlob(server.v2, repositoryName, image.config);
    await pushBlob(server.v2, repositoryName, image.layer);
    await putManifest(server.v2, repositoryName, image.manifest.digest, image.manifest);
    const index = sampleIndex(image);
    await putManifest(server.v2, repositoryName, 'v1', index, indexType);
    expect(await statuses('v1')).toEqual([
      { region: 'eu-west-1', registryId: account, status: 'COMPLETE' },
    ]);
    expect(new Map((await imagesOf(clientOf('eu-west-1'))) as never)).toEqual(
      new Map([
        [image.manifest.digest, undefined],
        [index.digest, 'v1'],
      ]),
    );
  });

  it('is for repositories with the prefix of its filter', async () => {
    await replicateTo('eu-west-1', account, 'other/');
    await pushSample(server.v2, repositoryName, 'v1');
    expect(await statuses('v1')).toEqual([]);
    await expect(imagesOf(clientOf('eu-west-1'))).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
    });
  });

  it('takes the settings of the repository creation template', async () => {
    await replicateTo('eu-west-1');
    const there = clientOf('eu-west-1');
    await there.send(
      new CreateRepositoryCreationTemplateCommand({
        prefix: 'team',
        appliedFor: ['REPLICATION'],
        imageTagMutability: 'IMMUTABLE',
      }),
    );
    await pushSample(server.v2, repositoryName, 'v1');
    expect(await statuses('v1')).toMatchObject([{ status: 'COMPLETE' }]);
    const { repositories } = await there.send(new DescribeRepositoriesCommand({}));
    expect(repositories).toMatchObject([{ repositoryName, imageTagMutability: 'IMMUTABLE' }]);
  });

  it('is resumed with all tags after a restart', async () => {
    const storage = createMemoryStorage(() => new Date());
    let endOfFirst = () => undefined as void;
    const nothing = new Promise<never>((_resolve, reject) => {
      endOfFirst = () => reject(new Error('killed'));
    });
    const blobs = { ...storage.blobs, read: () => nothing };
    const first = await startLocalServer({ storage: { ...storage, blobs } });
    await server.close();
    server = first;
    await server.client.send(new CreateRepositoryCommand({ repositoryName }));
    await replicateTo('eu-west-1');
    await pushSample(first.v2, repositoryName, 'v1', 'same');
    await pushSample(first.v2, repositoryName, 'v2', 'same');
    await pushSample(first.v2, repositoryName, 'moved', 'former');
    const { manifest } = await pushSample(first.v2, repositoryName, 'moved', 'latter');
    // The first one waits for a blob, and does nothing more, as if it had been killed.
    server = await startLocalServer({ storage });
    expect(await statuses('v1')).toMatchObject([{ status: 'COMPLETE' }]);
    expect(await statuses('moved')).toMatchObject([{ status: 'COMPLETE' }]);
    const copies = await imagesOf(clientOf('eu-west-1'));
    expect(copies).toContainEqual([expect.anything(), 'v1,v2']);
    expect(copies).toContainEqual([manifest.digest, 'moved']);
    endOfFirst();
    await first.close();
  });

  it('needs the permission of another account', async () => {
    await replicateTo('ap-southeast-1', other);
    await pushSample(server.v2, repositoryName, 'v1');
    expect(await statuses('v1')).toMatchObject([{ registryId: other, status: 'FAILED' }]);
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
      Resource: '*',
    };
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const there = clientOf('ap-southeast-1', other);
    await there.send(new PutRegistryPolicyCommand({ policyText }));
    await pushSample(server.v2, repositoryName, 'v2');
    expect(await statuses('v2')).toMatchObject([{ status: 'COMPLETE' }]);
    expect(await imagesOf(there)).toHaveLength(1);
  });
});
