import { repository, startCloudFormation } from './test/cloudformation-harness';

const lifecycle = (count: number) =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: count },
        action: { type: 'expire' },
      },
    ],
  });

const properties = {
  ImageTagMutability: 'IMMUTABLE',
  LifecyclePolicy: { LifecyclePolicyText: lifecycle(10) },
  RepositoryPolicyText: {
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
  },
  // With the key that ECR chooses.
  EncryptionConfiguration: { EncryptionType: 'KMS' },
  Tags: [{ Key: 'team', Value: 'game' }],
};
const template = {
  Resources: {
    App: repository('team/app', properties),
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } },
  },
};

async function deployed() {
  const cloudFormation = await startCloudFormation();
  await cloudFormation.create('Registry', template, { Tags: [{ Key: 'env', Value: 'dev' }] });
  const { call, registry } = cloudFormation;
  const detect = async () => {
    const { StackDriftDetectionId } = await call('DetectStackDrift', { StackName: 'Registry' });
    const status = await call('DescribeStackDriftDetectionStatus', {
      StackDriftDetectionId: StackDriftDetectionId ?? '',
    });
    const { StackResourceDrifts } = await call('DescribeStackResourceDrifts', {
      StackName: 'Registry',
    });
    return { status, drifts: StackResourceDrifts as unknown as Record<string, unknown>[] };
  };
  const revert = async () => {
    const names = { StackName: 'Registry', ChangeSetName: 'revert' };
    await call('CreateChangeSet', {
      ...names,
      TemplateBody: JSON.stringify(template),
      DeploymentMode: 'REVERT_DRIFT',
      Tags: [{ Key: 'env', Value: 'dev' }],
    });
    const described = await call('DescribeChangeSet', names);
    if (described['ExecutionStatus'] === 'AVAILABLE') await call('ExecuteChangeSet', names);
    return described;
  };
  const actual = () => {
    const found = registry.repositories.get('team/app');
    if (!found) throw new Error('the repository is gone');
    return found;
  };
  return { ...cloudFormation, detect, revert, actual };
}

describe('drift of a stack', () => {
  it('is none after a deployment, and is not checked before a detection', async () => {
    const { call, detect } = await deployed();
    const before = await call('DescribeStacks', { StackName: 'Registry' });
    expect(before['Stacks']).toMatchObject([
      { DriftInformation: { StackDriftStatus: 'NOT_CHECKED' } },
    ]);
    const { status, drifts } = await detect();
    expect(status).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
      DriftedStackResourceCount: 0,
    });
    // A topic is only recorded: there is nothing to compare.
    expect(drifts).toMatchObject([
      { LogicalResourceId: 'App', StackResourceDriftStatus: 'IN_SYNC', PropertyDifferences: [] },
    ]);
  });

  it('names each property that was changed by hand, and none that the template does not declare', async () => {
    const { call, detect, actual } = await deployed();
    Object.assign(actual().settings, { imageTagMutability: 'MUTABLE' });
    Object.assign(actual().settings, { imageScanningConfiguration: { scanOnPush: true } });
    actual().lifecycle = lifecycle(20);
    delete actual().policy;
    actual().tags = [...actual().tags, { Key: 'zone', Value: 'a' }];
    const { status, drifts } = await detect();
    expect(status).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 1 });
    expect(drifts).toMatchObject([
      { StackResourceDriftStatus: 'MODIFIED', PhysicalResourceId: 'team/app' },
    ]);
    const differences = drifts[0]?.['PropertyDifferences'] as Record<string, string>[];
    expect(
      differences
        .map(({ PropertyPath, DifferenceType }) => `${DifferenceType} ${PropertyPath}`)
        .sort(),
    ).toEqual([
      'ADD /Tags/2',
      'NOT_EQUAL /ImageTagMutability',
      'NOT_EQUAL /LifecyclePolicy/LifecyclePolicyText',
      'REMOVE /RepositoryPolicyText',
    ]);
    expect(
      differences.find(({ PropertyPath }) => PropertyPath === '/ImageTagMutability'),
    ).toMatchObject({
      ExpectedValue: 'IMMUTABLE',
      ActualValue: 'MUTABLE',
    });
    const resources = await call('DescribeStackResources', { StackName: 'Registry' });
    expect(JSON.stringify(resources)).toContain('"StackResourceDriftStatus":"MODIFIED"');
  });

  it('is not the order of keys or spaces of a policy', async () => {
    const { detect, actual } = await deployed();
    actual().policy =
      '{ "Statement": [{ "Principal": "*", "Action": "ecr:BatchGetImage", "Effect": "Allow" }] }';
    expect((await detect()).status).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
  });

  it('is a repository that was deleted', async () => {
    const { detect, registry, call } = await deployed();
    registry.repositories.delete('team/app');
    const { drifts } = await detect();
    expect(drifts).toMatchObject([{ StackResourceDriftStatus: 'DELETED' }]);
    const filtered = await call('DescribeStackResourceDrifts', {
      StackName: 'Registry',
      StackResourceDriftStatusFilters: ['IN_SYNC'],
    });
    expect(filtered['StackResourceDrifts']).toEqual([]);
  });

  it('cannot be detected of an unknown stack, resource or detection', async () => {
    const { call } = await deployed();
    await expect(call('DetectStackDrift', { StackName: 'None' })).rejects.toThrow('does not exist');
    await expect(
      call('DetectStackDrift', { StackName: 'Registry', LogicalResourceIds: ['None'] }),
    ).rejects.toThrow('Resource None does not exist');
    await expect(
      call('DescribeStackDriftDetectionStatus', { StackDriftDetectionId: 'none' }),
    ).rejects.toThrow('does not exist');
    await expect(
      call('DetectStackResourceDrift', { StackName: 'Registry', LogicalResourceId: 'Topic' }),
    ).rejects.toThrow('not supported');
  });
});

describe('a change set that reverts drift', () => {
  it('has no changes if there is none', async () => {
    const { revert } = await deployed();
    expect(await revert()).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE' });
  });

  it('brings back what was changed, which another change set does not see', async () => {
    const { call, revert, actual, detect, stack } = await deployed();
    Object.assign(actual().settings, { imageTagMutability: 'MUTABLE' });
    delete actual().lifecycle;
    await call('CreateChangeSet', {
      StackName: 'Registry',
      ChangeSetName: 'plain',
      TemplateBody: JSON.stringify(template),
      Tags: [{ Key: 'env', Value: 'dev' }],
    });
    const plain = { StackName: 'Registry', ChangeSetName: 'plain' };
    expect(await call('DescribeChangeSet', plain)).toMatchObject({ Status: 'FAILED' });
    expect(await revert()).toMatchObject({
      DeploymentMode: 'REVERT_DRIFT',
      Changes: [{ ResourceChange: { Action: 'Modify', LogicalResourceId: 'App' } }],
    });
    expect(stack('Registry').status).toBe('UPDATE_COMPLETE');
    expect(actual().settings).toMatchObject({ imageTagMutability: 'IMMUTABLE' });
    expect(actual().lifecycle).toBe(lifecycle(10));
    expect((await detect()).status).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
  });

  it('creates a deleted repository again', async () => {
    const { revert, registry, detect, stack } = await deployed();
    registry.repositories.delete('team/app');
    expect(await revert()).toMatchObject({
      Changes: [{ ResourceChange: { Action: 'Add', LogicalResourceId: 'App' } }],
    });
    expect(stack('Registry').status).toBe('UPDATE_COMPLETE');
    expect((await detect()).status).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
  });
});
