import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { RegistryAccess } from './index';

function synthesize(): Template {
  const stack = new Stack(new App(), 'Test');
  new RegistryAccess(stack, 'Access', { pushRoleName: 'pusher', pullRoleName: 'puller' });
  return Template.fromStack(stack);
}

describe('the access to a registry', () => {
  it.each([
    ['pusher', 'codebuild.amazonaws.com'],
    ['puller', 'ecs-tasks.amazonaws.com'],
  ])('is the role %s for %s, on behalf of its own account alone', (RoleName, Service) => {
    synthesize().hasResourceProperties('AWS::IAM::Role', {
      RoleName,
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
    const template = synthesize();
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.allResourcesProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: [
        {
          PolicyName: 'LogInToRegistry',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' }],
          },
        },
      ],
    });
  });
});
