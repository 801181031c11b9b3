import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
  paginateDescribeRepositories,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushSample, sampleImage } from '../test/sample-images';

let server: LocalServer;
let client: ECRClient;
const repositoryName = 'team/app';
const arn = `arn:aws:ecr:ap-southeast-1:000000000000:repository/${repositoryName}`;

beforeEach(async () => {
  server = await startLocalServer();
  client = server.client;
  await client.send(new CreateRepositoryCommand({ repositoryName }));
});
afterEach(() => server.close());

describe('repositories', () => {
  it('are described as ECR does, with a URI that docker can push to', async () => {
    const { repositories } = await client.send(new DescribeRepositoriesCommand({}));
    expect(repositories).toEqual([
      {
        repositoryArn: arn,
        registryId: '000000000000',
        repositoryName,
        repositoryUri: `${server.host}/${repositoryName}`,
        createdAt: new Date('2026-01-01T00:00:00Z'),
        imageTagMutability: 'MUTABLE',
        imageScanningConfiguration: { scanOnPush: false },
        encryptionConfiguration: { encryptionType: 'AES256' },
      },
    ]);
  });

  it('name the key that ECR chooses if KMS encrypts and none is given', async () => {
    const create = async (name: string, kmsKey?: string) => {
      const encryptionConfiguration = { encryptionType: 'KMS' as const, kmsKey };
      const { repository } = await client.send(
        new CreateRepositoryCommand({ repositoryName: name, encryptionConfiguration }),
      );
      return repository?.encryptionConfiguration?.kmsKey;
    };
    const chosen = await create('kms/one');
    expect(chosen).toMatch(
      /^arn:aws:kms:ap-southeast-1:000000000000:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
    expect(await create('kms/two')).toBe(chosen);
    expect(await create('kms/own', 'alias/ours')).toBe('alias/ours');
  });

  it('exist once', async () => {
    await expect(
      client.send(new CreateRepositoryCommand({ repositoryName })),
    ).rejects.toMatchObject({
      name: 'RepositoryAlreadyExistsException',
      message:
        "The repository with name 'team/app' already exists in the registry with id '000000000000'",
    });
  });

  it.each(['A', 'x', 'Team/app', '../etc', 'a//b', 'a/', 'a..b', 'a'.repeat(257)])(
    'cannot be called %j',
    async (name) => {
      const creation = client.send(new CreateRepositoryCommand({ repositoryName: name }));
      await expect(creation).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringContaining("Invalid parameter at 'repositoryName'"),
      });
    },
  );

  it('come in pages', async () => {
    for (const name of ['aa', 'bb', 'zz']) {
      await client.send(new CreateRepositoryCommand({ repositoryName: name }));
    }
    const names: (string | undefined)[][] = [];
    for await (const page of paginateDescribeRepositories({ client, pageSize: 3 }, {})) {
      names.push((page.repositories ?? []).map((repository) => repository.repositoryName));
    }
    expect(names).toEqual([['aa', 'bb', repositoryName], ['zz']]);
  });

  it('of another registry do not exist here', async () => {
    const request = { registryId: '111111111111', repositoryNames: [repositoryName] };
    await expect(client.send(new DescribeRepositoriesCommand(request))).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
      message:
        "The repository with name 'team/app' does not exist in the registry with id '111111111111'",
    });
  });

  it('are deleted with their images only by force', async () => {
    await pushSample(server.v2, repositoryName, 'v1');
    await expect(
      client.send(new DeleteRepositoryCommand({ repositoryName })),
    ).rejects.toMatchObject({
      name: 'RepositoryNotEmptyException',
      message:
        "The repository with name 'team/app' in registry with id '000000000000' cannot be deleted because it still contains images",
    });
    await client.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    await client.send(new CreateRepositoryCommand({ repositoryName }));
    const { imageIds } = await client.send(new ListImagesCommand({ repositoryName }));
    expect(imageIds).toEqual([]);
    const { layer } = sampleImage('v1');
    expect((await server.v2(`/v2/${repositoryName}/blobs/${layer.digest}`)).status).toBe(404);
  });

  it('belong to the registry of the account', async () => {
    await expect(client.send(new DescribeRegistryCommand({}))).resolves.toMatchObject({
      registryId: '000000000000',
    });
  });
});

describe('settings', () => {
  it('of mutability need filters with an exclusion, and only then', async () => {
    const put = (imageTagMutability: 'MUTABLE' | 'IMMUTABLE_WITH_EXCLUSION', filters?: string[]) =>
      client.send(
        new PutImageTagMutabilityCommand({
          repositoryName,
          imageTagMutability,
          imageTagMutabilityExclusionFilters: filters?.map((filter) => ({
            filterType: 'WILDCARD' as const,
            filter,
          })),
        }),
      );
    const refused = { name: 'InvalidParameterException' };
    await expect(put('IMMUTABLE_WITH_EXCLUSION')).rejects.toMatchObject(refused);
    await expect(put('MUTABLE', ['latest'])).rejects.toMatchObject(refused);
    await expect(put('IMMUTABLE_WITH_EXCLUSION', ['a b'])).rejects.toMatchObject(refused);
    await put('IMMUTABLE_WITH_EXCLUSION', ['latest']);
    const { repositories } = await client.send(new DescribeRepositoriesCommand({}));
    expect(repositories).toMatchObject([
      {
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
      },
    ]);
  });

  it('of scanning are kept', async () => {
    const imageScanningConfiguration = { scanOnPush: true };
    await client.send(
      new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration }),
    );
    const { repositories } = await client.send(new DescribeRepositoriesCommand({}));
    expect(repositories).toMatchObject([{ imageScanningConfiguration }]);
  });

  it('of resource tags are set, replaced, removed and limited', async () => {
    const tag = (...tags: [string, string][]) =>
      client.send(
        new TagResourceCommand({
          resourceArn: arn,
          tags: tags.map(([Key, Value]) => ({ Key, Value })),
        }),
      );
    await tag(['team', 'a'], ['stage', 'dev']);
    await tag(['team', 'b']);
    await client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['stage', 'none'] }));
    const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    expect(tags).toEqual([{ Key: 'team', Value: 'b' }]);
    await expect(tag(['aws:x', ''])).rejects.toMatchObject({
      name: 'InvalidTagParameterException',
    });
    const fifty = Array.from({ length: 50 }, (_, n): [string, string] => [`k${n}`, '']);
    await expect(tag(...fifty)).rejects.toMatchObject({ name: 'TooManyTagsException' });
  });
});

describe('policies', () => {
  const lifecyclePolicyText = JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 3 },
        action: { type: 'expire' },
      },
    ],
  });
  const policyText = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
  });

  it('of the life cycle are kept word for word, and deleted', async () => {
    const missing = {
      name: 'LifecyclePolicyNotFoundException',
      message:
        "Lifecycle policy does not exist for the repository with name 'team/app' in the registry with id '000000000000'",
    };
    const get = () => client.send(new GetLifecyclePolicyCommand({ repositoryName }));
    await expect(get()).rejects.toMatchObject(missing);
    await client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
    // It is never carried out: ECR answers the start of 1970 for such a policy.
    const lastEvaluatedAt = new Date(0);
    await expect(get()).resolves.toMatchObject({ lifecyclePolicyText, lastEvaluatedAt });
    await client.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
    await expect(get()).rejects.toMatchObject(missing);
  });

  it('of the life cycle that ECR would refuse are refused, and the old one stays', async () => {
    await client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
    const bad = lifecyclePolicyText.replace('"countNumber":3', '"countNumber":0');
    const put = client.send(
      new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: bad }),
    );
    await expect(put).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('Lifecycle policy validation failure'),
    });
    const kept = await client.send(new GetLifecyclePolicyCommand({ repositoryName }));
    expect(kept.lifecyclePolicyText).toBe(lifecyclePolicyText);
  });

  it('of access are kept word for word, and deleted', async () => {
    await client.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
    const get = () => client.send(new GetRepositoryPolicyCommand({ repositoryName }));
    await expect(get()).resolves.toMatchObject({ policyText });
    await client.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
    await expect(get()).rejects.toMatchObject({ name: 'RepositoryPolicyNotFoundException' });
  });

  it.each(['', '{', '{}', '{"Statement":[]}', '{"Statement":[{"Effect":"Maybe"}]}', '[]'])(
    'of access are not %j',
    async (bad) => {
      const set = client.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: bad }));
      await expect(set).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringContaining('Invalid repository policy provided'),
      });
    },
  );
});
