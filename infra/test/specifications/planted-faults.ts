import { everything, sources, synthesize } from '../registry';
import { nameFaults, onceInAnAccountFaults, retentionFaults } from './account-faults';
import { encryptedDelivery, missingGrants } from './build-grants';
import { cloudFormationFaults } from './cloudformation-faults';
import { iamFaults } from './iam-faults';
import { type Statement } from './policy-statements';
import { grantedNeeds, reachFaults } from './reach-faults';
import { readOnlyFaults } from './read-only-faults';
import { type Templates, templatesOf } from './template';

// Tests of the tests, imported by aws-specifications.unit.test.ts: the engine of the resource schemas starts once.

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a template as it may be wrong
type Json = any;

const templates = templatesOf(synthesize('prod', { settings: everything }));

/** The templates with a fault in the first resource of a type that has what is to be made wrong. */
function plant(type: string, make: (properties: Json, resource: Json) => unknown): Templates {
  const wrong = structuredClone(templates) as Json;
  for (const { Resources } of Object.values<Json>(wrong)) {
    for (const resource of Object.values<Json>(Resources)) {
      if (resource.Type === type && make(resource.Properties, resource) !== false) return wrong;
    }
  }
  throw new Error(`no ${type} to plant a fault in`);
}

/** A fault in the statement of a policy. */
function plantStatement(type: string, sid: string, wrong: Partial<Statement>): Templates {
  return plant(type, (properties) => {
    const statements: Json[] = Object.values<Json>(properties).flatMap(
      (value) => value?.Statement ?? [],
    );
    const statement = statements.find(({ Sid }) => Sid === sid);
    if (!statement) return false;
    return Object.assign(statement, wrong);
  });
}

describe('a planted fault is found by the resource schemas:', () => {
  it('nothing without one', () => {
    expect(cloudFormationFaults(templates)).toEqual([]);
  });

  it.each<[string, Templates]>([
    ['an unknown property', plant('AWS::ECR::Repository', (p) => (p.ScanOnPush = true))],
    [
      'a value outside of an enumeration',
      plant('AWS::ECR::Repository', (p) => (p.ImageTagMutability = 'FIXED')),
    ],
    ['a wrong type', plant('AWS::CloudWatch::Alarm', (p) => (p.EvaluationPeriods = 'one'))],
    ['a missing required property', plant('AWS::Events::Rule', (p) => delete p.Targets[0].Id)],
    [
      'a name that does not match its pattern',
      plant('AWS::ECR::Repository', (p) => (p.RepositoryName = 'Game Service')),
    ],
    [
      'a number beyond its range',
      plant('AWS::CodeBuild::Project', (p) => (p.TimeoutInMinutes = 100_000)),
    ],
    [
      'a reference to nothing',
      plant('AWS::SNS::Topic', (p) => (p.KmsMasterKeyId = { Ref: 'Nothing' })),
    ],
    [
      'an unknown attribute',
      plant(
        'AWS::SSM::Parameter',
        (p) => (p.Value = { 'Fn::GetAtt': ['ServiceRepositoryB5DB2931', 'Url'] }),
      ),
    ],
  ])('%s', (_, wrong) => {
    expect(cloudFormationFaults(wrong)).not.toEqual([]);
  });
});

describe('a planted fault is found by the service specification:', () => {
  it.each([
    ['AWS::ECR::Repository', 'RepositoryUri'],
    ['AWS::CodeBuild::Project', 'Arn'],
    ['AWS::IAM::Role', 'RoleId'],
  ])('a value of %s for the read-only %s', (type, property) => {
    expect(readOnlyFaults(templates)).toEqual([]);
    expect(readOnlyFaults(plant(type, (properties) => (properties[property] = 'x')))).toEqual([
      expect.stringMatching(`${property} of ${type} is read-only`),
    ]);
  });

  it('a resource type that does not exist', () => {
    const wrong = plant('AWS::SNS::Topic', (_, each) => (each.Type = 'AWS::SNS::Topics'));
    expect(readOnlyFaults(wrong)).toEqual([expect.stringMatching(/has no AWS::SNS::Topics/)]);
  });
});

describe('a planted fault is found by the service authorization reference:', () => {
  const log = 'AWS::IAM::Policy';

  it.each<[string, Templates, RegExp]>([
    [
      'an action that does not exist',
      plantStatement(log, 'Log', { Action: 'logs:WriteLogEvents' }),
      /there is no action logs:WriteLogEvents/,
    ],
    [
      'an action of the wrong service',
      plantStatement(log, 'Log', { Action: 'ecr:PutLogEvents' }),
      /there is no action ecr:PutLogEvents/,
    ],
    [
      'a service that does not exist',
      plantStatement(log, 'Log', { Action: 'codeconnection:UseConnection' }),
      /there is no action/,
    ],
    [
      'a wildcard that matches no action',
      plantStatement(log, 'Log', { Action: 'logs:Write*' }),
      /there is no action/,
    ],
    [
      'a resource of another type',
      plantStatement(log, 'ArtifactBucket', { Resource: 'arn:aws:s3:::typerush-artifacts/*' }),
      /s3:GetBucketAcl knows none of/,
    ],
    [
      'a bucket in the place of its objects',
      plantStatement(log, 'Artifacts', { Resource: 'arn:aws:s3:::typerush-artifacts' }),
      /s3:PutObject knows none of/,
    ],
    [
      'a resource of an action that knows none',
      plantStatement(log, 'ReadInspector', {
        Resource: 'arn:aws:ecr:ap-southeast-1:123456789012:repository/*',
      }),
      /inspector2:ListCoverage knows none of/,
    ],
    [
      'a resource that no action knows',
      plantStatement(log, 'Log', { Resource: ['*', 'arn:aws:s3:::logs'] }),
      /no action knows arn:aws:s3:::logs/,
    ],
    [
      'a condition key that the action does not know',
      plantStatement('AWS::ECR::Repository', 'LambdaPull', {
        Condition: { StringEquals: { 's3:prefix': 'x' } },
      }),
      /knows the condition key s3:prefix/,
    ],
    [
      'a misspelt global condition key',
      plantStatement('AWS::EC2::VPCEndpoint', 'LogIn', {
        Condition: { StringEquals: { 'aws:PrincipleAccount': '1' } },
      }),
      /knows the condition key aws:PrincipleAccount/,
    ],
    [
      'an operator for another type',
      plantStatement('AWS::ECR::Repository', 'LambdaPull', {
        Condition: { Bool: { 'aws:SourceAccount': 'true' } },
      }),
      /Bool is not for aws:SourceAccount/,
    ],
  ])('%s', async (_, wrong, fault) => {
    expect(await iamFaults(templates)).toEqual([]);
    expect(await iamFaults(wrong)).toContainEqual(expect.stringMatching(fault));
  });
});

describe('a planted fault is found by the checks of accounts:', () => {
  it('a repository that blocks the retry of its creation', () => {
    const wrong = plant(
      'AWS::ECR::Repository',
      (_, resource) => (resource.DeletionPolicy = 'Retain'),
    );
    expect(retentionFaults(wrong)).toHaveLength(1);
  });

  it.each(['AWS::IAM::Role', 'AWS::CloudWatch::Dashboard', 'AWS::Budgets::Budget'])(
    'a name of %s that is the same in every region',
    (type) => {
      const wrong = plant(type, (properties) => {
        const named = properties.Budget ?? properties;
        const key = ['RoleName', 'DashboardName', 'BudgetName'].find((each) => named[each]);
        return key ? (named[key] = 'typerush') : false;
      });
      expect(nameFaults(wrong)).toHaveLength(1);
    },
  );

  it('what an account can have only once', () => {
    expect(onceInAnAccountFaults(templates).map((fault) => fault.replace(/.* have /, ''))).toEqual(
      expect.arrayContaining([
        'AWS::IAM::OIDCProvider only once',
        'AWS::ECR::RegistryScanningConfiguration only once',
      ]),
    );
    const wrong = plant(
      'AWS::Budgets::Budget',
      (_, each) => (each.Type = 'AWS::CE::AnomalyMonitor'),
    );
    expect(onceInAnAccountFaults(wrong)).toHaveLength(onceInAnAccountFaults(templates).length + 1);
  });
});

describe('a planted fault is found by the comparison with the CDK’s own grants:', () => {
  const source = sources['a pipeline from a connection'];

  it.each(['codeconnections:UseConnection', 's3:PutObject', 'kms:Decrypt', 'logs:PutLogEvents'])(
    '%s is missing',
    async (action) => {
      const built = templatesOf(synthesize('dev', { settings: encryptedDelivery(source) }));
      const wrong = JSON.parse(
        JSON.stringify(built).replaceAll(`"${action}"`, '"ecr:GetRegistryPolicy"'),
      );
      expect(await missingGrants(wrong, source)).toEqual([action]);
    },
  );
});

describe('a planted fault is found by the check of endpoints:', () => {
  const find = async (wrong: Templates) => reachFaults(wrong, await grantedNeeds(templates));

  it.each<[string, Templates, string]>([
    [
      'an action that a role may do',
      plantStatement('AWS::EC2::VPCEndpoint', 'OwnRepositories', { Action: 'ecr:BatchGetImage' }),
      'ecr.api does not let ecr:PutImage reach',
    ],
    [
      'a repository that a role may reach',
      plantStatement('AWS::EC2::VPCEndpoint', 'OwnRepositories', {
        Resource: 'arn:aws:ecr:ap-southeast-1:123456789012:repository/typerush/*',
      }),
      'repository/typerush-prod/api',
    ],
    [
      'an import from another registry',
      plantStatement('AWS::EC2::VPCEndpoint', 'PullThroughCache', {
        Action: 'ecr:CreateRepository',
      }),
      'ecr:BatchImportUpstreamImage reach arn:aws:ecr:ap-southeast-1:123456789012:repository/cache-public/*',
    ],
    [
      'a log group',
      plantStatement('AWS::EC2::VPCEndpoint', 'WriteLogs', {
        Resource: 'arn:aws:logs:ap-southeast-1:123456789012:log-group:/aws/*',
      }),
      'log-group:/ecs/typerush-prod/*',
    ],
    [
      'a bucket of the build',
      plantStatement('AWS::EC2::VPCEndpoint', 'OtherBuckets', {
        Resource: 'arn:aws:s3:::elsewhere/*',
      }),
      's3:PutObject reach arn:aws:s3:::typerush-artifacts',
    ],
    [
      'an endpoint',
      plant('AWS::EC2::VPCEndpoint', (p) =>
        JSON.stringify(p).includes('.logs')
          ? (p.ServiceName = 'com.amazonaws.ap-southeast-1.ssm')
          : false,
      ),
      'the VPC has no endpoint of logs',
    ],
  ])('%s is missing', async (_, wrong, fault) => {
    expect(await find(templates)).toEqual([]);
    expect((await find(wrong)).join('\n')).toContain(fault);
  });
});
