import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { matchesPattern, rendered } from '../../test/event-pattern';
import { findings } from '../../test/findings';
import { eventFaults } from '../../test/service-spec';
import { AlertTopic } from '../alerts/alert-topic';
import { commitPattern, CommitTrigger } from './commit-trigger';

const repositoryArn = 'arn:aws:codecommit:us-east-1:123456789012:typerush';
const projectArn = 'arn:aws:codebuild:us-east-1:123456789012:project/delivery';

function add(stack: Stack): void {
  new CommitTrigger(stack, 'Trigger', {
    name: 'delivery',
    repository: 'typerush',
    branch: 'main',
    projectArn,
    topic: AlertTopic.fromTopicName(stack, 'alerts'),
  });
}

/** https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html */
const event = (detail: object, resources = [repositoryArn]) => ({
  version: '0',
  id: '01234567-EXAMPLE',
  'detail-type': 'CodeCommit Repository State Change',
  source: 'aws.codecommit',
  account: '123456789012',
  time: '2019-06-12T10:23:43Z',
  region: 'us-east-1',
  resources,
  detail: {
    event: 'referenceUpdated',
    repositoryName: 'typerush',
    repositoryId: '12345678-1234-5678-abcd-12345678abcd',
    referenceType: 'branch',
    referenceName: 'main',
    referenceFullName: 'refs/heads/main',
    commitId: '3e5983EXAMPLE',
    oldCommitId: '3e5983SOURCE',
    ...detail,
  },
});

describe('the trigger of commits', () => {
  const pattern = rendered(commitPattern(repositoryArn, 'main'));

  it.each([
    ['a push to the branch', event({}), true],
    ['the first push to it', event({ event: 'referenceCreated' }), true],
    ['the end of the branch', event({ event: 'referenceDeleted' }), false],
    ['another branch', event({ referenceName: 'feature' }), false],
    ['a Git tag of the same name', event({ referenceType: 'tag' }), false],
    ['another repository', event({}, ['arn:aws:codecommit:us-east-1:123456789012:other']), false],
  ])('decides on %s', (_, each, starts) => {
    expect(matchesPattern(pattern, each)).toBe(starts);
  });

  it('has only fields that CodeCommit sends', () => {
    expect(eventFaults(pattern)).toEqual([]);
    expect(eventFaults(event({}) as object)).toEqual([]);
  });

  it('starts the build project with a role that may do only that', () => {
    const stack = new Stack(new App(), 'Test');
    add(stack);
    const template = Template.fromStack(stack);
    const [role] = Object.keys(template.findResources('AWS::IAM::Role'));
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: projectArn, RoleArn: { 'Fn::GetAtt': [role, 'Arn'] } })],
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: role }],
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'codebuild:StartBuild', Resource: projectArn }],
      },
    });
  });

  it('raises an alarm when no build could be started', () => {
    const stack = new Stack(new App(), 'Test');
    add(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'delivery-unstarted',
    });
  });

  it('gives cdk-nag nothing to find', () => {
    expect(findings(add)).toEqual([]);
  });
});
