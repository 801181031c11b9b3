import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { findings } from '../../test/findings';
import { inlineCode } from '../../test/inline-function';
import { RegistryMetrics } from './registry-metrics';
import { RepositoryMeasurement, type RepositoryMeasurementProps } from './repository-measurement';

function add(stack: Stack, props: Partial<RepositoryMeasurementProps> = {}): void {
  new RepositoryMeasurement(stack, 'Measurement', {
    name: 'typerush-dev-registry-monitoring',
    repositoryNames: ['typerush/game-service', 'platform-dev/api'],
    metrics: new RegistryMetrics('typerush-dev'),
    ...props,
  });
}

function synthesize(props?: Partial<RepositoryMeasurementProps>): Template {
  const stack = new Stack(new App(), 'Test');
  add(stack, props);
  return Template.fromStack(stack);
}

const arnOf = (pattern: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':ecr:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      `:repository/${pattern}`,
    ],
  ],
});

describe('the measurement of repositories', () => {
  const template = synthesize();

  it('is code in the template, as long as Lambda takes it', () => {
    expect(inlineCode(template).length).toBeLessThanOrEqual(4096);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Environment: {
        Variables: {
          NAMESPACE: 'Registry/typerush-dev',
          PREFIXES: 'platform-dev/ typerush/',
          REGISTRY: 'typerush-dev',
        },
      },
    });
  });

  it('runs every six hours, only by its own rule', () => {
    const [rule] = Object.keys(template.findResources('AWS::Events::Rule'));
    const [lambda] = Object.keys(template.findResources('AWS::Lambda::Function'));
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(6 hours)',
      State: 'ENABLED',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [lambda, 'Arn'] } })],
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [rule, 'Arn'] },
    });
    synthesize({ interval: Duration.hours(1) }).hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
    });
  });

  it('may list repositories, read those of its namespaces, and write its log', () => {
    const [log] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Log',
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: { 'Fn::GetAtt': [log, 'Arn'] },
          },
          {
            Sid: 'List',
            Effect: 'Allow',
            Action: 'ecr:DescribeRepositories',
            Resource: arnOf('*'),
          },
          {
            Sid: 'Read',
            Effect: 'Allow',
            Action: ['ecr:DescribeImages', 'ecr:DescribeImageScanFindings'],
            Resource: [arnOf('platform-dev/*'), arnOf('typerush/*')],
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'lambda.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
      ManagedPolicyArns: Match.absent(),
      Policies: Match.absent(),
    });
  });

  it('may query Inspector if Inspector scans', () => {
    synthesize({ enhancedScanning: true }).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['inspector2:ListCoverage', 'inspector2:ListFindings'] }),
        ]),
      },
    });
  });

  it('keeps its log for three months', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/lambda/typerush-dev-registry-monitoring-measurement',
      RetentionInDays: 90,
    });
  });

  it.each([false, true])('gives cdk-nag nothing to find (enhanced: %s)', (enhancedScanning) => {
    expect(findings((stack) => add(stack, { enhancedScanning }))).toEqual([]);
  });
});
