import {
  BatchGetRepositoryScanningConfigurationCommand,
  CreatePullThroughCacheRuleCommand,
  CreateRepositoryCommand,
  CreateRepositoryCreationTemplateCommand,
  DeletePullThroughCacheRuleCommand,
  DeleteRegistryPolicyCommand,
  DeleteRepositoryCreationTemplateCommand,
  DeleteSigningConfigurationCommand,
  DeregisterPullTimeUpdateExclusionCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRegistryCommand,
  DescribeRepositoryCreationTemplatesCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetSigningConfigurationCommand,
  ListPullTimeUpdateExclusionsCommand,
  PutRegistryPolicyCommand,
  PutRegistryScanningConfigurationCommand,
  PutReplicationConfigurationCommand,
  PutSigningConfigurationCommand,
  RegisterPullTimeUpdateExclusionCommand,
  UpdatePullThroughCacheRuleCommand,
  UpdateRepositoryCreationTemplateCommand,
  ValidatePullThroughCacheRuleCommand,
} from '@aws-sdk/client-ecr';
import { createMemoryStorage } from '../../storage/memory/memory-storage';
import { type LocalServer, startLocalServer } from '../../test/local-server';

const registryId = '000000000000';
const secret =
  'arn:aws:secretsmanager:us-east-1:000000000000:secret:ecr-pullthroughcache/hub-a1B2c3';

let storage: ReturnType<typeof createMemoryStorage>;
let server: LocalServer;
const start = async () => {
  server = await startLocalServer({ storage });
};
beforeEach(async () => {
  storage = createMemoryStorage(() => new Date());
  await start();
});
afterEach(() => server.close());

const restart = async () => {
  await server.close();
  await start();
};
const send: LocalServer['client']['send'] = ((command: never) =>
  server.client.send(command)) as never;
const refusal = (name: string) => expect.objectContaining({ name });

describe('the policy of a registry', () => {
  it('is kept until it is deleted', async () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: '123456789012' },
      Action: 'ecr:ReplicateImage',
      Resource: '*',
    };
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await expect(send(new GetRegistryPolicyCommand({}))).rejects.toEqual(
      refusal('RegistryPolicyNotFoundException'),
    );
    expect(await send(new PutRegistryPolicyCommand({ policyText }))).toMatchObject({ registryId });
    await restart();
    expect(await send(new GetRegistryPolicyCommand({}))).toMatchObject({ registryId, policyText });
    expect(await send(new DeleteRegistryPolicyCommand({}))).toMatchObject({ policyText });
    await expect(send(new DeleteRegistryPolicyCommand({}))).rejects.toEqual(
      refusal('RegistryPolicyNotFoundException'),
    );
  });

  it.each(['{', '[]', '{"Version": "2012-10-17"}', '{"Statement": []}'])(
    'is refused as %s',
    async (policyText) => {
      await expect(send(new PutRegistryPolicyCommand({ policyText }))).rejects.toEqual(
        refusal('InvalidParameterException'),
      );
    },
  );
});

describe('the scanning configuration of a registry', () => {
  it('decides by its filters how repositories are scanned', async () => {
    expect(await send(new GetRegistryScanningConfigurationCommand({}))).toMatchObject({
      scanningConfiguration: { scanType: 'BASIC', rules: [] },
    });
    for (const repositoryName of ['team/app', 'other/app']) {
      await send(new CreateRepositoryCommand({ repositoryName }));
    }
    const filters = [{ filter: 'team/*', filterType: 'WILDCARD' as const }];
    await send(
      new PutRegistryScanningConfigurationCommand({
        scanType: 'ENHANCED',
        rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: filters }],
      }),
    );
    const { scanningConfigurations = [], failures } = await send(
      new BatchGetRepositoryScanningConfigurationCommand({
        repositoryNames: ['team/app', 'other/app', 'no/such'],
      }),
    );
    expect(scanningConfigurations).toMatchObject([
      { repositoryName: 'team/app', scanFrequency: 'CONTINUOUS_SCAN', appliedScanFilters: filters },
      { repositoryName: 'other/app', scanFrequency: 'MANUAL', scanOnPush: false },
    ]);
    expect(failures).toMatchObject([
      { repositoryName: 'no/such', failureCode: 'REPOSITORY_NOT_FOUND' },
    ]);
  });

  it('has no continuous scan with basic scanning', async () => {
    const rules = [{ scanFrequency: 'CONTINUOUS_SCAN' as const, repositoryFilters: [] }];
    const put = new PutRegistryScanningConfigurationCommand({ scanType: 'BASIC', rules });
    await expect(send(put)).rejects.toEqual(refusal('InvalidParameterException'));
  });
});

describe('the replication of a registry', () => {
  const to = (region: string) => ({
    rules: [{ destinations: [{ region, registryId }] }],
  });

  it('is described with the registry', async () => {
    const replicationConfiguration = to('eu-west-1');
    await send(new PutReplicationConfigurationCommand({ replicationConfiguration }));
    expect(await send(new DescribeRegistryCommand({}))).toMatchObject({ replicationConfiguration });
  });

  it('is refused to the registry itself', async () => {
    const replicationConfiguration = to('ap-southeast-1');
    await expect(
      send(new PutReplicationConfigurationCommand({ replicationConfiguration })),
    ).rejects.toEqual(refusal('InvalidParameterException'));
  });
});

describe('the signing configuration of a registry', () => {
  it('is kept until it is deleted', async () => {
    const signingConfiguration = {
      rules: [
        { signingProfileArn: 'arn:aws:signer:us-east-1:000000000000:/signing-profiles/profile' },
      ],
    };
    await expect(send(new GetSigningConfigurationCommand({}))).rejects.toEqual(
      refusal('SigningConfigurationNotFoundException'),
    );
    await send(new PutSigningConfigurationCommand({ signingConfiguration }));
    expect(await send(new GetSigningConfigurationCommand({}))).toMatchObject({
      registryId,
      signingConfiguration,
    });
    await send(new DeleteSigningConfigurationCommand({}));
    await expect(send(new DeleteSigningConfigurationCommand({}))).rejects.toEqual(
      refusal('SigningConfigurationNotFoundException'),
    );
  });
});

describe('a pull-through cache rule', () => {
  const rule = { ecrRepositoryPrefix: 'hub', upstreamRegistryUrl: 'registry-1.docker.io' };

  it('is created, described, changed, validated and deleted', async () => {
    const created = await send(
      new CreatePullThroughCacheRuleCommand({ ...rule, credentialArn: secret }),
    );
    expect(created).toMatchObject({ ...rule, registryId, upstreamRegistry: 'docker-hub' });
    await restart();
    const changed = { ecrRepositoryPrefix: 'hub', credentialArn: `${secret}2` };
    await send(new UpdatePullThroughCacheRuleCommand(changed));
    const { pullThroughCacheRules } = await send(new DescribePullThroughCacheRulesCommand({}));
    expect(pullThroughCacheRules).toMatchObject([{ ...rule, ...changed }]);
    expect(await send(new ValidatePullThroughCacheRuleCommand(changed))).toMatchObject({
      isValid: false,
      failure: expect.stringContaining(`There is no secret ${changed.credentialArn}`),
    });
    await send(new DeletePullThroughCacheRuleCommand({ ecrRepositoryPrefix: 'hub' }));
    const gone = { ecrRepositoryPrefix: 'hub' };
    for (const command of [
      new DeletePullThroughCacheRuleCommand(gone),
      new ValidatePullThroughCacheRuleCommand(gone),
      new UpdatePullThroughCacheRuleCommand(gone),
      new DescribePullThroughCacheRulesCommand({ ecrRepositoryPrefixes: ['hub'] }),
    ]) {
      await expect(send(command as DeletePullThroughCacheRuleCommand)).rejects.toEqual(
        refusal('PullThroughCacheRuleNotFoundException'),
      );
    }
  });

  it.each([
    ['without a login that is required', rule, 'InvalidParameterException'],
    [
      'of an unknown upstream',
      { ...rule, upstreamRegistryUrl: 'example.com' },
      'UnsupportedUpstreamRegistryException',
    ],
    [
      'whose upstream has another address',
      { ...rule, upstreamRegistry: 'quay' as const, credentialArn: secret },
      'InvalidParameterException',
    ],
  ])('is refused %s', async (_, input, error) => {
    await expect(send(new CreatePullThroughCacheRuleCommand(input))).rejects.toEqual(
      refusal(error),
    );
  });

  it('has a prefix of its own', async () => {
    const open = { ecrRepositoryPrefix: 'public', upstreamRegistryUrl: 'public.ecr.aws' };
    await send(new CreatePullThroughCacheRuleCommand(open));
    await expect(send(new CreatePullThroughCacheRuleCommand(open))).rejects.toEqual(
      refusal('PullThroughCacheRuleAlreadyExistsException'),
    );
  });
});

describe('a repository creation template', () => {
  it('is created, changed, described by page and deleted', async () => {
    for (const prefix of ['a1', 'b1', 'c1']) {
      const { repositoryCreationTemplate } = await send(
        new CreateRepositoryCreationTemplateCommand({ prefix, appliedFor: ['PULL_THROUGH_CACHE'] }),
      );
      expect(repositoryCreationTemplate).toMatchObject({
        prefix,
        imageTagMutability: 'MUTABLE',
        encryptionConfiguration: { encryptionType: 'AES256' },
      });
    }
    await send(
      new UpdateRepositoryCreationTemplateCommand({ prefix: 'b1', description: 'changed' }),
    );
    const first = await send(new DescribeRepositoryCreationTemplatesCommand({ maxResults: 2 }));
    expect(first.repositoryCreationTemplates).toMatchObject([
      { prefix: 'a1' },
      { prefix: 'b1', description: 'changed', appliedFor: ['PULL_THROUGH_CACHE'] },
    ]);
    const { nextToken } = first;
    const rest = await send(new DescribeRepositoryCreationTemplatesCommand({ nextToken }));
    expect(rest.repositoryCreationTemplates).toMatchObject([{ prefix: 'c1' }]);
    await send(new DeleteRepositoryCreationTemplateCommand({ prefix: 'b1' }));
    await expect(
      send(new UpdateRepositoryCreationTemplateCommand({ prefix: 'b1' })),
    ).rejects.toEqual(refusal('TemplateNotFoundException'));
    await expect(
      send(
        new CreateRepositoryCreationTemplateCommand({ prefix: 'a1', appliedFor: ['REPLICATION'] }),
      ),
    ).rejects.toEqual(refusal('TemplateAlreadyExistsException'));
  });

  it.each([
    { lifecyclePolicy: 'x'.repeat(120) },
    { repositoryPolicy: '{"Statement": [{}]}' },
    { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' as const },
  ])('is refused with %j', async (wrong) => {
    const create = new CreateRepositoryCreationTemplateCommand({
      prefix: 'a1',
      appliedFor: ['REPLICATION'],
      ...wrong,
    });
    await expect(send(create)).rejects.toEqual(refusal('InvalidParameterException'));
  });
});

describe('an exclusion of pull times', () => {
  const principalArn = 'arn:aws:iam::000000000000:role/scanner';

  it('is registered once, listed and deregistered', async () => {
    await send(new RegisterPullTimeUpdateExclusionCommand({ principalArn }));
    await expect(
      send(new RegisterPullTimeUpdateExclusionCommand({ principalArn })),
    ).rejects.toEqual(refusal('ExclusionAlreadyExistsException'));
    expect(await send(new ListPullTimeUpdateExclusionsCommand({}))).toMatchObject({
      pullTimeUpdateExclusions: [principalArn],
    });
    await send(new DeregisterPullTimeUpdateExclusionCommand({ principalArn }));
    await expect(
      send(new DeregisterPullTimeUpdateExclusionCommand({ principalArn })),
    ).rejects.toEqual(refusal('ExclusionNotFoundException'));
  });
});
