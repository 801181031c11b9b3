import {
  CreatePullThroughCacheRuleCommand,
  CreateRepositoryCommand,
  CreateRepositoryCreationTemplateCommand,
  type CreateRepositoryCreationTemplateCommandInput,
  PutRegistryPolicyCommand,
  UpdateRepositoryCreationTemplateCommand,
  ValidatePullThroughCacheRuleCommand,
} from '@aws-sdk/client-ecr';
import {
  arnOf,
  type ControlledServer,
  principals,
  pullOnly,
  region,
  repositoryName,
  startControlledServer,
  userArn,
} from '../access/test/controlled-server';
import { account, allowing, otherAccount, user } from '../access/test/principals';

const trusting = (Service: string) => ({
  Statement: { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' },
});
const role = (name: string, service: string, actions: string[], of = account) => ({
  arn: `arn:aws:iam::${of}:role/${name}`,
  trustPolicy: trusting(service),
  policies: [allowing(actions)],
});
const cacheService = 'pullthroughcache.ecr.amazonaws.com';
const pulling = ['ecr:GetAuthorizationToken', ...pullOnly];

let server: ControlledServer;
beforeEach(async () => {
  server = await startControlledServer();
  await server.restart([
    ...principals,
    user('importer', [allowing([...pulling, 'ecr:BatchImportUpstreamImage'])]),
    user('creator', [
      allowing([...pulling, 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository']),
    ]),
    role('cache', cacheService, pullOnly, otherAccount),
    role('untrusting', 'ec2.amazonaws.com', pullOnly, otherAccount),
    role('powerless', 'ecr.amazonaws.com', ['ecr:CreateRepository']),
    role('creation', 'ecr.amazonaws.com', ['ecr:CreateRepository', 'ecr:TagResource']),
  ]);
});
afterEach(() => server.close());

const createRule = (who: string, customRoleArn?: string) =>
  server.ecrOf(who).send(
    new CreatePullThroughCacheRuleCommand({
      ecrRepositoryPrefix: 'copy',
      upstreamRegistryUrl: `${account}.dkr.ecr.${region}.amazonaws.com`,
      upstreamRepositoryPrefix: 'team',
      customRoleArn,
    }),
  );

const pull = async (who: string) => {
  const answer = await (await server.protocolOf(who))('/v2/copy/app/manifests/v1');
  if (answer.status === 200) return 'pulled';
  return ((await answer.json()) as { errors: { code: string }[] }).errors[0]?.code;
};

describe('a pull through cache rule for an ECR of this process, with access control', () => {
  it('pulls from another repository of the account with the service-linked role', async () => {
    await createRule('admin');
    expect(await pull('admin')).toBe('pulled');
  });

  it('pulls from another account with its role, if the policy of the repository allows that', async () => {
    const customRoleArn = `arn:aws:iam::${otherAccount}:role/cache`;
    await createRule('outsider', customRoleArn);
    expect(await pull('outsider')).toBe('NAME_UNKNOWN');
    await server.setPolicy(
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${otherAccount}:root` },
        Action: pullOnly,
      },
      repositoryName,
    );
    expect(await pull('outsider')).toBe('pulled');
  });

  it('is invalid with a role that does not exist, or does not trust ECR', async () => {
    const validate = new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: 'copy' });
    await createRule('outsider', `arn:aws:iam::${otherAccount}:role/untrusting`);
    expect(await server.ecrOf('outsider').send(validate)).toMatchObject({
      isValid: false,
      failure: expect.stringContaining(`does not let ${cacheService} assume it`),
    });
    await createRule('admin', `arn:aws:iam::${account}:role/nobody`);
    expect(await server.ecrOf('admin').send(validate)).toMatchObject({
      isValid: false,
      failure: expect.stringContaining('role/nobody does not exist'),
    });
  });

  it.each([
    ['another account without a role', undefined, 'CustomRoleArn is required'],
    ['a role of another account', `arn:aws:iam::${account}:role/x`, 'must be in the account'],
    ['a user as its role', userArn('outsider', otherAccount), 'must be the ARN of an IAM role'],
  ])('is refused for %s', async (_what, customRoleArn, message) => {
    await expect(createRule('outsider', customRoleArn)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });
});

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/error-pullthroughcache.html
describe('the first pull of an image through the cache', () => {
  beforeEach(() => createRule('admin'));
  const createRepository = () =>
    server.ecrOf('admin').send(new CreateRepositoryCommand({ repositoryName: 'copy/app' }));

  it('needs ecr:BatchImportUpstreamImage, and ecr:CreateRepository if the repository is missing', async () => {
    expect(await pull('puller')).toBe('NAME_UNKNOWN');
    expect(await pull('importer')).toBe('NAME_UNKNOWN');
    expect(await pull('creator')).toBe('pulled');
    expect(await pull('puller')).toBe('pulled');
  });

  it('finds no image without ecr:BatchImportUpstreamImage if the repository exists', async () => {
    await createRepository();
    expect(await pull('puller')).toBe('MANIFEST_UNKNOWN');
    expect(await pull('importer')).toBe('pulled');
  });

  it('may be allowed by the policy of the repository', async () => {
    await createRepository();
    const Principal = { AWS: userArn('puller') };
    await server.setPolicy(
      { Effect: 'Allow', Principal, Action: 'ecr:BatchImportUpstreamImage' },
      'copy/app',
    );
    expect(await pull('puller')).toBe('pulled');
  });

  it('may be allowed by the policy of the registry', async () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: userArn('puller') },
      Action: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'],
      Resource: arnOf('copy/*'),
    };
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await server.ecrOf('admin').send(new PutRegistryPolicyCommand({ policyText }));
    expect(await pull('puller')).toBe('pulled');
  });
});

describe('a repository creation template with access control', () => {
  const createTemplate = (template: Partial<CreateRepositoryCreationTemplateCommandInput>) =>
    server.ecrOf('admin').send(
      new CreateRepositoryCreationTemplateCommand({
        prefix: 'copy',
        appliedFor: ['PULL_THROUGH_CACHE'],
        resourceTags: [{ Key: 'team', Value: 'game' }],
        ...template,
      }),
    );

  it('creates repositories with its role, which has to allow what it does', async () => {
    await createRule('admin');
    await createTemplate({ customRoleArn: `arn:aws:iam::${account}:role/powerless` });
    expect(await pull('admin')).toBe('NAME_UNKNOWN');
    await server.ecrOf('admin').send(
      new UpdateRepositoryCreationTemplateCommand({
        prefix: 'copy',
        customRoleArn: `arn:aws:iam::${account}:role/creation`,
      }),
    );
    expect(await pull('admin')).toBe('pulled');
  });

  it('is refused with a role of another account', async () => {
    const customRoleArn = `arn:aws:iam::${otherAccount}:role/x`;
    await expect(createTemplate({ customRoleArn })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
