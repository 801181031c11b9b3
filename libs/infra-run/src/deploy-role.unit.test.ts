import { App, Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { DeployRole } from './deploy-role';
import { RunServices } from './run-services';

interface Statement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const stack = new Stack(new App(), 'Stack');
const { deploymentStatements, families } = new RunServices(stack, 'Run', {
  project: 'typerush-dev',
  protect: false,
  network: { cidr: '10.20.0.0/16' },
  certificateArn:
    'arn:aws:acm:ap-southeast-1:123456789012:certificate/0123abcd-0123-0123-0123-0123456789ab',
  services: [
    {
      name: 'game-service',
      repositoryName: 'typerush/game-service',
      port: 3000,
      health: '/health/live',
      public: true,
    },
  ],
});
new DeployRole(stack, 'Deploy', {
  roleName: 'typerush-dev-run-deploy',
  statements: deploymentStatements,
  families,
  lastCommitParameter: '/typerush/dev/registry/last-commit',
  github: {
    repository: 'typerush/typerush',
    branch: 'main',
    environment: 'dev',
    roleName: 'typerush-dev-run-github',
  },
});
const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role')).filter(
  ({ Properties }) => JSON.stringify(Properties.RoleName ?? '').includes('typerush-dev-run-'),
);
const statementsOf = (role: { [key: string]: { [key: string]: unknown } }): Statement[] =>
  (role['Properties']?.['Policies'] as { PolicyDocument: { Statement: Statement[] } }[])[0]
    ?.PolicyDocument.Statement ?? [];

describe.each([
  ['CodeBuild', 0],
  ['GitHub Actions', 1],
])('the role with which %s deploys', (_name, nth) => {
  const role = roles[nth];
  const statements = role ? statementsOf(role) : [];
  const actions = statements.flatMap(({ Action }) => Action);

  it('may not upload or delete an image, change infrastructure, run single tasks or read secrets', () => {
    expect(actions.length).toBeGreaterThan(5);
    for (const action of actions) {
      expect(action).not.toMatch(/\*|Upload|Delete|SetRepository|RunTask|ExecuteCommand|Secret/);
      expect(action).not.toMatch(/^(cloudformation|elasticloadbalancing|ec2|s3|kms|sts):/);
    }
  });

  it('records the delivered commit in one parameter, and reads none', () => {
    const ofParameters = statements.filter(({ Action }) => JSON.stringify(Action).includes('ssm:'));
    expect(ofParameters).toMatchObject([{ Action: 'ssm:PutParameter' }]);
    expect(JSON.stringify(ofParameters[0]?.Resource)).toContain(
      ':parameter/typerush/dev/registry/last-commit"',
    );
  });

  it('updates only the services of the stack', () => {
    const { Resource } = statements.find(({ Sid }) => Sid === 'Services') ?? {};
    expect(JSON.stringify(Resource)).toContain(':service/typerush-dev/game-service"');
    expect(JSON.stringify(Resource)).not.toContain('*');
  });

  it('passes only the execution roles of the services, and only to tasks', () => {
    const passes = statements.filter(({ Action }) => JSON.stringify(Action).includes('iam:'));
    expect(passes).toEqual([
      {
        Sid: 'ExecutionRoles',
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/ExecutionRole/), 'Arn'] },
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]);
  });
});

it('GitHub Actions get the role only for one branch and one environment', () => {
  expect(JSON.stringify(roles[1]?.['Properties'].AssumeRolePolicyDocument)).toMatch(
    /repo:typerush\/typerush:environment:dev.*refs\/heads\/main/,
  );
});
