import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { matchesPattern, rendered } from '../../test/event-pattern';
import { findings } from '../../test/findings';
import { eventFaults } from '../../test/service-spec';
import { PushLog } from './push-log';
import { RegistryMetrics } from './registry-metrics';

function add(stack: Stack): void {
  new PushLog(stack, 'Pushes', {
    name: 'typerush-dev-registry-monitoring',
    repositoryNames: ['typerush/game-service'],
    metrics: new RegistryMetrics('typerush-dev'),
  });
}

const stack = new Stack(new App(), 'Test');
add(stack);
const template = Template.fromStack(stack);
const [log] = Object.keys(template.findResources('AWS::Logs::LogGroup'));

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
const action = (detail: object) => ({
  'detail-type': 'ECR Image Action',
  source: 'aws.ecr',
  detail: {
    result: 'SUCCESS',
    'repository-name': 'typerush/game-service',
    'image-digest': 'sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234',
    'action-type': 'PUSH',
    'image-tag': 'latest',
    ...detail,
  },
});

describe('the log of pushes', () => {
  it.each([
    ['a tag that is pushed', action({}), true],
    ['a push that failed', action({ result: 'FAILURE' }), false],
    ['a deletion', action({ 'action-type': 'DELETE' }), false],
    ['an image of a list', { ...action({}), detail: withoutTag() }, false],
    ['a push elsewhere', action({ 'repository-name': 'somebody/else' }), false],
  ])('decides on %s', (_, event, taken) => {
    const [rule] = Object.values(template.findResources('AWS::Events::Rule'));
    expect(matchesPattern(rendered(rule?.['Properties'].EventPattern), event)).toBe(taken);
  });

  it('takes events that ECR emits, by fields that they have', () => {
    const [rule] = Object.values(template.findResources('AWS::Events::Rule'));
    expect(eventFaults(rule?.['Properties'].EventPattern)).toEqual([]);
    expect(eventFaults(action({}) as object)).toEqual([]);
  });

  it('is a group that EventBridge may write to, and keeps for six months', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/events/typerush-dev-registry-monitoring-pushes',
      RetentionInDays: 180,
    });
    const [policy] = Object.values(template.findResources('AWS::Logs::ResourcePolicy'));
    const { 'Fn::Join': join } = policy?.['Properties'].PolicyDocument ?? {};
    const [, parts] = join as [string, unknown[]];
    const document = JSON.parse(
      parts.map((part) => (typeof part === 'string' ? part : 'ARN')).join(''),
    );
    expect(document.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'ARN',
      },
    ]);
    expect(parts).toContainEqual({ 'Fn::GetAtt': [log, 'Arn'] });
  });

  it('is written to once it may be', () => {
    const [rule] = Object.values(template.findResources('AWS::Events::Rule'));
    expect(rule?.['DependsOn']).toEqual(
      Object.keys(template.findResources('AWS::Logs::ResourcePolicy')),
    );
    expect(rule?.['Properties'].Targets[0].Arn['Fn::Join'][1].slice(-2)).toEqual([
      ':log-group:',
      { Ref: log },
    ]);
  });

  it.each([
    ['each repository', 'TagsPushed', [{ Key: 'Repository', Value: '$.detail.repository-name' }]],
    ['all of them', 'RegistryTagsPushed', undefined],
  ])('counts the pushes to %s', (_, MetricName, Dimensions) => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: { Ref: log },
      FilterPattern: '{ $.detail.repository-name = "*" }',
      MetricTransformations: [
        {
          MetricName,
          MetricNamespace: 'Registry/typerush-dev',
          MetricValue: '1',
          ...(Dimensions && { Dimensions }),
        },
      ],
    });
  });

  it('gives cdk-nag nothing to find', () => {
    expect(findings(add)).toEqual([]);
  });
});

function withoutTag(): Record<string, string> {
  const { detail } = action({});
  return Object.fromEntries(Object.entries(detail).filter(([key]) => key !== 'image-tag'));
}
