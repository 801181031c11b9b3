import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { RegistryAccess, type RegistryAccessProps, RegistryDefinitionError } from './index';

const account = '123456789012';
const builder = `arn:aws:iam::${account}:role/ci/builder`;
const runner = `arn:aws:iam::${account}:role/runner`;
const issuer = 'token.actions.githubusercontent.com';
const github = {
  roleName: 'hub',
  repository: 'typerush/typerush',
  branch: 'main',
};

function synthesize(props: Partial<RegistryAccessProps> = {}): Template {
  const stack = new Stack(new App(), 'Test');
  new RegistryAccess(stack, 'Access', { pushRoleName: 'pusher', pullRoleName: 'puller', ...props });
  return Template.fromStack(stack);
}

const ofThisAccount = (resource: string) => ({
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, `:${resource}`],
  ],
});

/** A name of the account, with the region of the stack. */
const inRegion = (name: string) => ({ 'Fn::Join': ['', [`${name}-`, { Ref: 'AWS::Region' }]] });

const logIn = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' }],
};

describe('the access to a pull-through cache', () => {
  const policies = (props: Partial<RegistryAccessProps>) =>
    Object.values(synthesize(props).findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
      JSON.stringify(Properties).includes('BatchImportUpstreamImage'),
    );

  it('is that of the roles that push, to the repositories of the cache', () => {
    const cachePrefixes = ['prod-public', 'prod-hub'];
    const existing = { account, push: [builder], pull: [runner] };
    const [policy, ...more] = policies({ github, existing, cachePrefixes });
    expect(more).toEqual([]);
    const { Roles, PolicyDocument, PolicyName } = policy?.Properties ?? {};
    expect(PolicyName).toEqual(inRegion('pusher-cache'));
    expect(Roles).toEqual([
      expect.objectContaining({ Ref: expect.stringContaining('Push') }),
      expect.objectContaining({ Ref: expect.stringContaining('Github') }),
      'builder',
    ]);
    expect(PolicyDocument.Statement).toHaveLength(1);
    expect(PolicyDocument.Statement[0].Action).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:BatchImportUpstreamImage',
      'ecr:CreateRepository',
      'ecr:GetDownloadUrlForLayer',
    ]);
    expect(JSON.stringify(PolicyDocument.Statement[0].Resource)).toMatch(
      /:repository\/prod-public\/\*".*:repository\/prod-hub\/\*"/,
    );
  });

  it('is granted only with a cache', () => {
    expect(policies({ github })).toEqual([]);
  });
});

describe('the access to a registry', () => {
  it.each([
    ['pusher', 'codebuild.amazonaws.com'],
    ['puller', 'ecs-tasks.amazonaws.com'],
  ])('is the role %s for %s, only on behalf of its own account', (RoleName, Service) => {
    synthesize().hasResourceProperties('AWS::IAM::Role', {
      RoleName: inRegion(RoleName),
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
  });

  it('lets each role log in, and do nothing else', () => {
    const template = synthesize({ github });
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::Role', 3);
    template.allResourcesProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: [{ PolicyName: 'LogInToRegistry', PolicyDocument: logIn }],
    });
  });
});

describe('the role that pulls', () => {
  it('writes the logs of tasks to the groups that are named, and to none by default', () => {
    synthesize().resourceCountIs('AWS::IAM::Policy', 0);
    const template = synthesize({ taskLogGroups: '/ecs/typerush-dev/*' });
    const [role] = Object.keys(
      template.findResources('AWS::IAM::Role', { Properties: { RoleName: inRegion('puller') } }),
    );
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: role }],
      PolicyDocument: {
        Statement: [
          {
            Sid: 'TaskLogs',
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: {
              'Fn::Join': ['', Match.arrayWith([':log-group:/ecs/typerush-dev/*'])],
            },
          },
        ],
      },
    });
  });
});

describe('the names of roles', () => {
  it('are refused once they are longer than IAM takes with any region', () => {
    expect(() => synthesize({ pullRoleName: 'r'.repeat(48) })).not.toThrow();
    expect(() => synthesize({ pullRoleName: 'r'.repeat(49) })).toThrow(
      expect.objectContaining({ code: 'ROLE_NAME' }),
    );
  });
});

describe('existing roles', () => {
  it('are let log in by one policy, by their names without their paths', () => {
    const template = synthesize({
      existing: { account, push: [builder], pull: [runner, builder] },
    });
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: inRegion('LogInToRegistry'),
      Roles: ['builder', 'runner'],
      PolicyDocument: logIn,
    });
  });

  it('are named with their paths, in the account of the stack', () => {
    const stack = new Stack(new App(), 'Test');
    const { pushers, pullers } = RegistryAccess.fromRoleNames(stack, 'Access', {
      pushRoleName: 'pusher',
      pullRoleName: 'puller',
      github,
      existing: { account, push: [builder], pull: [runner] },
    });
    const arns = (roles: typeof pushers) => roles.map(({ roleArn }) => stack.resolve(roleArn));
    const ownRole = (name: string) => ({
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':iam::',
          { Ref: 'AWS::AccountId' },
          `:role/${name}-`,
          { Ref: 'AWS::Region' },
        ],
      ],
    });
    expect(arns(pushers)).toEqual([
      ownRole('pusher'),
      ownRole('hub'),
      ofThisAccount('role/ci/builder'),
    ]);
    expect(arns(pullers)).toEqual([ownRole('puller'), ofThisAccount('role/runner')]);
  });

  it.each([
    ['FOREIGN_ACCOUNT', 'arn:aws:iam::210987654321:role/runner', 'is of account 210987654321'],
    ['ROLE_ARN', 'runner', '"runner" is not the ARN of a role'],
    ['ROLE_ARN', `arn:aws:iam::${account}:root`, 'is not the ARN of a role'],
    ['ROLE_ARN', `arn:aws:iam::${account}:role/*`, 'is not the ARN of a role'],
    ['ROLE_ARN', '*', 'is not the ARN of a role'],
  ])('are rejected with %s if they are %s', (code, arn, message) => {
    const attempt = () => synthesize({ existing: { account, pull: [arn] } });
    expect(attempt).toThrow(RegistryDefinitionError);
    expect(attempt).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

describe('GitHub Actions', () => {
  const trust = (Federated: unknown) => ({
    RoleName: inRegion('hub'),
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: 'sts.amazonaws.com',
              [`${issuer}:sub`]: 'repo:typerush/typerush:ref:refs/heads/main',
            },
          },
        },
      ],
    },
  });

  it('get a role for one branch of one repository, and a provider on request', () => {
    const template = synthesize({ github: { ...github, createProvider: true } });
    template.hasResourceProperties('AWS::IAM::OIDCProvider', {
      Url: `https://${issuer}`,
      ClientIdList: ['sts.amazonaws.com'],
    });
    const [provider] = Object.keys(template.findResources('AWS::IAM::OIDCProvider'));
    template.hasResourceProperties('AWS::IAM::Role', trust({ Ref: provider }));
  });

  it('take the provider that the account has', () => {
    const template = synthesize({ github });
    template.resourceCountIs('AWS::IAM::OIDCProvider', 0);
    template.hasResourceProperties(
      'AWS::IAM::Role',
      trust(ofThisAccount(`oidc-provider/${issuer}`)),
    );
  });

  it('get the role by their environment and their branch if an environment is named', () => {
    const template = synthesize({ github: { ...github, environment: 'prod' } });
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: inRegion('hub'),
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: {
              StringEquals: {
                [`${issuer}:aud`]: 'sts.amazonaws.com',
                [`${issuer}:sub`]: 'repo:typerush/typerush:environment:prod',
                [`${issuer}:ref`]: 'refs/heads/main',
              },
            },
          }),
        ],
      },
    });
  });

  it('have no role unless configured', () => {
    const template = synthesize();
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.resourceCountIs('AWS::IAM::OIDCProvider', 0);
  });

  it.each([
    ['repository', 'typerush'],
    ['repository', 'typerush/*'],
    ['branch', '*'],
    ['branch', 'release/*'],
    ['branch', ''],
    ['environment', ''],
    ['environment', 'prod*'],
    ['environment', 'prod:ref'],
  ])('are refused with the %s "%s"', (field, value) => {
    expect(() => synthesize({ github: { ...github, [field]: value } })).toThrow(
      expect.objectContaining({
        code: 'GITHUB_SOURCE',
        message: expect.stringContaining(`The ${field} of GitHub cannot be "${value}"`),
      }),
    );
  });
});
