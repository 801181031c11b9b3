import { evaluateAccess } from '@typerush/image-registry';
import { startCloudFormation } from '../cloudformation/test/cloudformation-harness';
import { findStackRole } from './stack-roles';

const account = '000000000000';
const document = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});
const trust = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'codebuild.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    },
  ],
};
const role = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: 'push', AssumeRolePolicyDocument: trust, ...properties },
});
const attached = (type: string, PolicyDocument: object, more: object) => ({
  Type: `AWS::IAM::${type}`,
  Properties: { PolicyName: 'p', PolicyDocument, ...more },
});

async function deploy(resources: object) {
  const { create, store } = await startCloudFormation();
  await create('Access', { Resources: resources });
  return () => findStackRole(store.live(), account, 'push');
}

const allowed = async (resources: object) => {
  const found = (await deploy(resources))();
  if (!found) throw new Error('there is no role');
  const caller = { kind: 'role-session', account, arn: 'session', roleArn: found.arn } as const;
  return ['ecr:PutImage', 'ecr:BatchGetImage', 'ecr:DeleteRepository'].filter(
    (action) =>
      evaluateAccess(
        { caller, action, resource: '*', resourceAccount: account, context: new Map() },
        { identity: found.identity, boundary: found.boundary, resource: [] },
      ).allowed,
  );
};

describe('a role of a stack', () => {
  it('has the policies within it, and those that are attached to it', async () => {
    const inline = { PolicyName: 'inline', PolicyDocument: document('ecr:PutImage') };
    expect(await allowed({ Role: role() })).toEqual([]);
    expect(await allowed({ Role: role({ Policies: [inline] }) })).toEqual(['ecr:PutImage']);
    for (const [type, more] of [
      ['Policy', { Roles: [{ Ref: 'Role' }] }],
      ['ManagedPolicy', { Roles: [{ Ref: 'Role' }] }],
      ['RolePolicy', { RoleName: { Ref: 'Role' } }],
    ] as const) {
      const resources = { Role: role(), More: attached(type, document('ecr:BatchGetImage'), more) };
      expect([type, await allowed(resources)]).toEqual([type, ['ecr:BatchGetImage']]);
    }
    const ofOther = attached('Policy', document('*'), { Roles: ['other'] });
    expect(await allowed({ Role: role(), More: ofOther })).toEqual([]);
  });

  it('has managed policies of AWS and of stacks, and none that is unknown', async () => {
    const managed = (name: string) => ({ ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`] });
    expect(await allowed({ Role: role(managed('AmazonEC2ContainerRegistryPowerUser')) })).toEqual([
      'ecr:PutImage',
      'ecr:BatchGetImage',
    ]);
    expect(await allowed({ Role: role(managed('AmazonEC2ContainerRegistryReadOnly')) })).toEqual([
      'ecr:BatchGetImage',
    ]);
    expect(await allowed({ Role: role(managed('SomethingElse')) })).toEqual([]);
    const Own = attached('ManagedPolicy', document('ecr:PutImage'), { ManagedPolicyName: 'own' });
    expect(await allowed({ Own, Role: role({ ManagedPolicyArns: [{ Ref: 'Own' }] }) })).toEqual([
      'ecr:PutImage',
    ]);
  });

  it('is limited by its boundary, and by one that is unknown to nothing', async () => {
    const inline = [{ PolicyName: 'inline', PolicyDocument: document('*') }];
    const bounded = (name: string) =>
      role({ Policies: inline, PermissionsBoundary: `arn:aws:iam::aws:policy/${name}` });
    expect(await allowed({ Role: bounded('AmazonEC2ContainerRegistryReadOnly') })).toEqual([
      'ecr:BatchGetImage',
    ]);
    expect(await allowed({ Role: bounded('SomethingElse') })).toEqual([]);
  });

  it('has its path in its ARN, and its tags', async () => {
    const found = (
      await deploy({ Role: role({ Path: '/ci/', Tags: [{ Key: 'a', Value: 'b' }] }) })
    )();
    expect(found).toMatchObject({ arn: `arn:aws:iam::${account}:role/ci/push`, tags: { a: 'b' } });
  });

  it('cannot be used if its policy is not evaluated here', async () => {
    const Condition = { StringEquals: { 'aws:Unknown': 'a' } };
    const PolicyDocument = { Statement: [{ ...document('*').Statement[0], Condition }] };
    const find = await deploy({ Role: role({ Policies: [{ PolicyName: 'p', PolicyDocument }] }) });
    expect(find).toThrow('aws:Unknown: is not a condition key that is evaluated');
  });

  it('does not exist before it is created, or under another name', async () => {
    expect((await deploy({ Role: role({ RoleName: 'other' }) }))()).toBeUndefined();
  });
});
