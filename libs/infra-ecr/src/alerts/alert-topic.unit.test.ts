import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { findings } from '../../test/findings';
import { AlertTopic } from './alert-topic';

const topicName = 'typerush-dev-registry-alerts';

function synthesize(emails?: string[]): Template {
  const stack = new Stack(new App(), 'Test');
  new AlertTopic(stack, 'Alerts', { topicName, emails });
  return Template.fromStack(stack);
}

const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const accountable = [
  ['cloudwatch.amazonaws.com'],
  ['budgets.amazonaws.com'],
  ['costalerts.amazonaws.com'],
];

/** The statements that let a service in. */
function statementsFor(
  document: { readonly Statement: object[] } | undefined,
  service: string,
): object[] {
  return (document?.Statement ?? []).filter(
    (each) =>
      JSON.stringify((each as { Principal: unknown }).Principal) ===
      JSON.stringify({ Service: service }),
  );
}

function only(template: Template, type: string): Record<string, { Statement: object[] }> {
  const [resource, ...others] = Object.values(template.findResources(type));
  expect(others).toEqual([]);
  return resource?.['Properties'];
}

describe('the topic of alerts', () => {
  it('is encrypted with a key of its own, which is rotated and goes with it', () => {
    const template = synthesize();
    const [key] = Object.keys(template.findResources('AWS::KMS::Key'));
    template.hasResourceProperties('AWS::SNS::Topic', {
      TopicName: topicName,
      KmsMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
    });
    template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Delete',
      Properties: { EnableKeyRotation: true, PendingWindowInDays: 7 },
    });
  });

  it('accepts publishers only by TLS', () => {
    synthesize().hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  it.each(accountable)('lets %s publish and encrypt, only for this account', (service) => {
    const template = synthesize();
    const { PolicyDocument: policy } = only(template, 'AWS::SNS::TopicPolicy');
    const { KeyPolicy: keyPolicy } = only(template, 'AWS::KMS::Key');
    expect(statementsFor(policy, service)).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Condition: ofThisAccount,
      }),
    ]);
    expect(statementsFor(keyPolicy, service)).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Condition: ofThisAccount,
      }),
    ]);
  });

  it('lets EventBridge in without a condition, which would keep every event out', () => {
    const template = synthesize();
    for (const [type, field] of [
      ['AWS::SNS::TopicPolicy', 'PolicyDocument'],
      ['AWS::KMS::Key', 'KeyPolicy'],
    ] as const) {
      const [statement, ...others] = statementsFor(
        only(template, type)[field],
        'events.amazonaws.com',
      );
      expect(others).toEqual([]);
      expect(statement).toMatchObject({ Effect: 'Allow' });
      expect(statement).not.toHaveProperty('Condition');
    }
  });

  it('allows no other principal', () => {
    const { PolicyDocument: policy } = only(synthesize(), 'AWS::SNS::TopicPolicy');
    expect(policy?.Statement).toHaveLength(5);
  });

  it('writes to every address once', () => {
    const template = synthesize(['a@example.com', 'b@example.com', 'a@example.com']);
    template.resourceCountIs('AWS::SNS::Subscription', 2);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'b@example.com',
    });
    synthesize().resourceCountIs('AWS::SNS::Subscription', 0);
  });

  it('is found by its name in the account and region of a stack', () => {
    const stack = new Stack(new App(), 'Other');
    const { topicArn } = AlertTopic.fromTopicName(stack, topicName);
    expect(stack.resolve(topicArn)).toEqual({
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':sns:',
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          `:${topicName}`,
        ],
      ],
    });
  });

  it('gives cdk-nag nothing to find', () => {
    expect(findings((stack) => new AlertTopic(stack, 'Alerts', { topicName }))).toEqual([]);
  });
});
