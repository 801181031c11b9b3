import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
  PutImageTagMutabilityCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecr';
import { pushSample } from '../test/sample-images';
import {
  arnOf,
  type ControlledServer,
  denial,
  principals,
  pullOnly,
  repositoryName,
  startControlledServer,
  userArn,
} from './test/controlled-server';
import { account, otherAccount } from './test/principals';

let server: ControlledServer;
beforeAll(async () => {
  server = await startControlledServer();
});
afterAll(() => server.close());

describe('the ECR API under access control', () => {
  it('allows what a policy of the identity allows, and denies the rest in AWS’s words', async () => {
    const describe = new DescribeRepositoriesCommand({});
    expect((await server.ecrOf('admin').send(describe)).repositories).toHaveLength(1);
    await expect(server.ecrOf('nobody').send(describe)).rejects.toMatchObject(
      denial(userArn('nobody'), 'ecr:DescribeRepositories', arnOf('*')),
    );
    await expect(
      server.ecrOf('puller').send(new DeleteRepositoryCommand({ repositoryName })),
    ).rejects.toMatchObject(
      denial(userArn('puller'), 'ecr:DeleteRepository', arnOf(repositoryName)),
    );
    await expect(
      server.ecrOf('nobody').send(new GetAuthorizationTokenCommand({})),
    ).rejects.toMatchObject(denial(userArn('nobody'), 'ecr:GetAuthorizationToken', '*'));
  });

  it('denies before it says whether a repository exists', async () => {
    const list = new ListImagesCommand({ repositoryName: 'no/such' });
    await expect(server.ecrOf('nobody').send(list)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(server.ecrOf('admin').send(list)).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
    });
  });

  it('limits an identity by its boundary', async () => {
    const bounded = server.ecrOf('bounded');
    await expect(bounded.send(new DescribeRepositoriesCommand({}))).resolves.toBeDefined();
    await expect(bounded.send(new ListImagesCommand({ repositoryName }))).rejects.toMatchObject(
      denial(
        userArn('bounded'),
        'ecr:ListImages',
        arnOf(repositoryName),
        'because no permissions boundary allows the ecr:ListImages action',
      ),
    );
  });

  it('evaluates tags of the repository and of the principal', async () => {
    const create = (name: string, team: string) =>
      server.ecrOf('admin').send(
        new CreateRepositoryCommand({
          repositoryName: name,
          tags: [{ Key: 'team', Value: team }],
        }),
      );
    await create('tagged/ours', 'game');
    await create('tagged/theirs', 'other');
    const change = (name: string) =>
      server.ecrOf('tagger').send(
        new PutImageTagMutabilityCommand({
          repositoryName: name,
          imageTagMutability: 'IMMUTABLE',
        }),
      );
    await expect(change('tagged/ours')).resolves.toBeDefined();
    await expect(change('tagged/theirs')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const tags = [{ Key: 'team', Value: 'game' }];
    const tag = (name: string) =>
      server.ecrOf('tagger').send(new TagResourceCommand({ resourceArn: arnOf(name), tags }));
    await expect(tag('tagged/theirs')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(
      server
        .ecrOf('tagger')
        .send(new ListTagsForResourceCommand({ resourceArn: arnOf('tagged/ours') })),
    ).resolves.toMatchObject({ tags });
    // Tags at creation need ecr:TagResource on a repository that has no tags yet.
    await expect(
      server
        .ecrOf('tagger')
        .send(new CreateRepositoryCommand({ repositoryName: 'tagged/new', tags })),
    ).rejects.toMatchObject({ message: expect.stringContaining('ecr:TagResource') });
    await expect(
      server.ecrOf('tagger').send(new CreateRepositoryCommand({ repositoryName: 'tagged/new' })),
    ).resolves.toBeDefined();
  });

  it('refuses a repository policy with a condition that it does not evaluate', async () => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 'ecr:PutImage' };
    const Condition = { StringEquals: { 'aws:PrincipalOrg': 'o-a1b2c3d4e5' } };
    await expect(server.setPolicy({ ...statement, Condition })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(
        'aws:PrincipalOrg: is not a condition key that is evaluated',
      ),
    });
  });
});

describe('another account under access control', () => {
  const inOther = { registryId: account, repositoryName };

  it('needs the policies of both sides', async () => {
    const list = new ListImagesCommand(inOther);
    const outsider = userArn('outsider', otherAccount);
    await expect(server.ecrOf('outsider').send(list)).rejects.toMatchObject(
      denial(
        outsider,
        'ecr:ListImages',
        arnOf(repositoryName),
        'because no resource-based policy allows the ecr:ListImages action',
      ),
    );
    await server.setPolicy({
      Effect: 'Allow',
      Principal: '*',
      Action: ['ecr:ListImages', ...pullOnly],
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    });
    expect((await server.ecrOf('outsider').send(list)).imageIds).toHaveLength(1);
    await expect(server.ecrOf('stranger').send(list)).rejects.toMatchObject(
      denial(userArn('stranger', otherAccount), 'ecr:ListImages', arnOf(repositoryName)),
    );
    await expect(
      server.ecrOf('nobody').send(new ListImagesCommand({ repositoryName })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('pulls with a login for the registry, and does not push', async () => {
    const pull = await server.protocolOf('outsider', [account]);
    expect((await pull(`/v2/${repositoryName}/manifests/v1`)).status).toBe(200);
    expect((await pull(`/v2/${repositoryName}/blobs/uploads/`, { method: 'POST' })).status).toBe(
      403,
    );
    const own = await server.protocolOf('outsider');
    expect((await own(`/v2/${repositoryName}/manifests/v1`)).status).toBe(404);
  });
});

describe('the registry protocol under access control', () => {
  it('lets a puller pull, and answers 403 to everything else', async () => {
    const v2 = await server.protocolOf('puller');
    const status = async (method: string, path: string) =>
      (await v2(`/v2/${repositoryName}/${path}`, { method })).status;
    const manifest = (await (await v2(`/v2/${repositoryName}/manifests/v1`)).json()) as {
      layers: { digest: string }[];
    };
    const layer = manifest.layers[0]?.digest;
    expect((await v2('/v2/')).status).toBe(200);
    expect(await status('GET', `blobs/${layer}`)).toBe(200);
    expect(await status('HEAD', `blobs/${layer}`)).toBe(200);
    for (const [method, path] of [
      ['POST', 'blobs/uploads/'],
      ['PATCH', 'blobs/uploads/x'],
      ['PUT', 'blobs/uploads/x'],
      ['DELETE', 'blobs/uploads/x'],
      ['PUT', 'manifests/v2'],
      ['DELETE', 'manifests/v1'],
      ['GET', 'tags/list'],
    ] as const) {
      expect([method, path, await status(method, path)]).toEqual([method, path, 403]);
    }
    const refused = await v2(`/v2/${repositoryName}/blobs/uploads/`, { method: 'POST' });
    expect(await refused.json()).toEqual({
      errors: [
        {
          code: 'DENIED',
          message: denial(userArn('puller'), 'ecr:InitiateLayerUpload', arnOf(repositoryName))
            .message,
        },
      ],
    });
  });

  it('mounts no layer of a repository that the login may not pull', async () => {
    await server.ecrOf('admin').send(new CreateRepositoryCommand({ repositoryName: 'secret/app' }));
    const { layer } = await pushSample(await server.protocolOf('admin'), 'secret/app', 'v1');
    const push = await server.protocolOf(await server.assume('nobody', 'ci/push'));
    const mount = `/v2/${repositoryName}/blobs/uploads/?mount=${layer.digest}&from=secret/app`;
    expect((await push(mount, { method: 'POST' })).status).toBe(202);
  });

  it('accepts no token of another start, and none whose principal is gone', async () => {
    const authorization = await server.loginOf('puller');
    const open = async () =>
      (
        await fetch(`${server.url()}/v2/${repositoryName}/manifests/v1`, {
          headers: { authorization },
        })
      ).status;
    expect(await open()).toBe(200);
    await server.restart(
      principals.filter((each) => !('arn' in each && each.arn === userArn('puller'))),
    );
    expect(await open()).toBe(400);
    await server.restart();
    expect(await open()).toBe(200);
    // That of a server without access control names nobody.
    const { authorizationData } = await server.unsigned().getAuthorizationToken({});
    const anonymous = { authorization: `Basic ${authorizationData[0]?.authorizationToken}` };
    const response = await fetch(`${server.url()}/v2/${repositoryName}/manifests/v1`, {
      headers: anonymous,
    });
    expect(response.status).toBe(400);
  });
});
