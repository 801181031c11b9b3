import {
  CreateRepositoryCreationTemplateCommand,
  type CreateRepositoryCreationTemplateCommandInput,
  DescribeRepositoriesCommand,
  InitiateLayerUploadCommand,
} from '@aws-sdk/client-ecr';
import {
  arnOf,
  type ControlledServer,
  principals,
  startControlledServer,
  userArn,
} from '../access/test/controlled-server';
import { allowing, otherAccount, user } from '../access/test/principals';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushBlob, pushSample, sampleBlob } from '../test/sample-images';

type Template = Partial<CreateRepositoryCreationTemplateCommandInput>;
const templateFor = (template: Template = {}) =>
  new CreateRepositoryCreationTemplateCommand({
    prefix: 'new',
    appliedFor: ['CREATE_ON_PUSH'],
    ...template,
  });

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
describe('a push to a repository that does not exist', () => {
  let server: LocalServer;
  beforeEach(async () => {
    server = await startLocalServer();
  });
  afterEach(() => server.close());
  const repositories = async () =>
    (await server.client.send(new DescribeRepositoriesCommand({}))).repositories ?? [];

  it('creates it with the settings of its template', async () => {
    await server.client.send(templateFor({ imageTagMutability: 'IMMUTABLE' }));
    await pushSample(server.v2, 'new/app', 'v1');
    expect(await repositories()).toMatchObject([
      { repositoryName: 'new/app', imageTagMutability: 'IMMUTABLE' },
    ]);
    expect((await server.v2('/v2/new/app/manifests/v1')).status).toBe(200);
  });

  it('creates it once for a client that sends layers in parallel, as docker does', async () => {
    await server.client.send(templateFor({ prefix: 'ROOT' }));
    const blobs = Array.from({ length: 8 }, (_, index) => sampleBlob(`layer ${index}`));
    const answers = await Promise.all(blobs.map((blob) => pushBlob(server.v2, 'any/app', blob)));
    expect(answers.map(({ status }) => status)).toEqual(blobs.map(() => 201));
    expect(await repositories()).toHaveLength(1);
  });

  it('creates it through the API too', async () => {
    const initiate = new InitiateLayerUploadCommand({ repositoryName: 'new/app' });
    await expect(server.client.send(initiate)).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
    });
    await server.client.send(templateFor());
    expect(await server.client.send(initiate)).toMatchObject({ partSize: 10_485_760 });
    expect(await repositories()).toHaveLength(1);
  });

  it.each([
    ['no template', undefined],
    ['a template for other names', { prefix: 'ne' }],
    ['a template for pulls', { appliedFor: ['PULL_THROUGH_CACHE', 'REPLICATION'] }],
  ] as [string, Template | undefined][])('is refused with %s', async (_what, template) => {
    if (template) await server.client.send(templateFor(template));
    const refused = await pushBlob(server.v2, 'new/app', sampleBlob('layer'));
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({
      errors: [
        {
          code: 'NAME_UNKNOWN',
          message:
            "The repository with name 'new/app' does not exist in the registry with id '000000000000'",
        },
      ],
    });
    expect(await repositories()).toEqual([]);
  });

  it('says why a template could not create it', async () => {
    await server.client.send(templateFor({ resourceTags: [{ Key: 'team', Value: 'a' }] }));
    const refused = await pushBlob(server.v2, 'new/app', sampleBlob('layer'));
    expect(await refused.json()).toMatchObject({
      errors: [
        {
          code: 'NAME_UNKNOWN',
          message: expect.stringContaining("template 'new': it needs a customRoleArn"),
        },
      ],
    });
  });

  it('leaves a malformed name and a mere pull alone', async () => {
    await server.client.send(templateFor({ prefix: 'ROOT' }));
    expect((await pushBlob(server.v2, 'New/App', sampleBlob('layer'))).status).toBe(400);
    expect((await server.v2('/v2/new/app/manifests/v1')).status).toBe(404);
    expect((await server.v2(`/v2/new/app/blobs/${sampleBlob('x').digest}`)).status).toBe(404);
    expect(await repositories()).toEqual([]);
  });
});

describe('a push that creates its repository, with access control', () => {
  const push = [
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:InitiateLayerUpload',
    'ecr:UploadLayerPart',
    'ecr:CompleteLayerUpload',
    'ecr:PutImage',
  ];
  let server: ControlledServer;
  beforeEach(async () => {
    server = await startControlledServer();
    await server.restart([...principals, user('pusher', [allowing(push)])]);
  });
  afterEach(() => server.close());
  const pushAs = async (who: string, registryIds?: string[]) =>
    pushBlob(await server.protocolOf(who, registryIds), 'new/app', sampleBlob('layer'));
  const names = async () =>
    (await server.ecrOf('admin').send(new DescribeRepositoriesCommand({}))).repositories?.map(
      ({ repositoryName }) => repositoryName,
    );

  it('needs the permissions of a push, and no other', async () => {
    await server.ecrOf('admin').send(templateFor());
    const denied = await pushAs('puller');
    expect(denied.status).toBe(403);
    expect(await denied.json()).toMatchObject({
      errors: [
        {
          message: expect.stringContaining(
            `ecr:InitiateLayerUpload on resource: ${arnOf('new/app')}`,
          ),
        },
      ],
    });
    expect(await names()).toEqual(['team/app']);
    const v2 = await server.protocolOf('pusher');
    await pushSample(v2, 'new/app', 'v1');
    expect(await names()).toEqual(['new/app', 'team/app']);
  });

  it('comes from another account if the policy of the template lets it', async () => {
    const ours = ['000000000000'];
    await server.ecrOf('admin').send(templateFor());
    expect((await pushAs('outsider', ours)).status).toBe(403);
    expect(await names()).toEqual(['team/app']);
    const Statement = {
      Effect: 'Allow',
      Principal: { AWS: userArn('outsider', otherAccount) },
      Action: push.slice(1),
    };
    const repositoryPolicy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
    await server.ecrOf('admin').send(templateFor({ prefix: 'new/app', repositoryPolicy }));
    expect((await pushAs('outsider', ours)).status).toBe(403);
    await server.ecrOf('admin').send(templateFor({ prefix: 'ROOT', repositoryPolicy }));
    const v2 = await server.protocolOf('outsider', ours);
    await pushSample(v2, 'other/app', 'v1');
    expect(await names()).toEqual(['other/app', 'team/app']);
  });
});
