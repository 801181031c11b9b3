import { environments, retentionPolicy, retentionProfiles } from '@typerush/image-registry';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RegistryAccess, ServiceRepository, type ServiceRepositoryProps } from './index';

const type = 'AWS::ECR::Repository';

function synthesize(
  props: Partial<ServiceRepositoryProps> = {},
  use: (repository: ServiceRepository, stack: Stack) => void = () => undefined,
): Template {
  const stack = new Stack(new App(), 'Test');
  const repository = new ServiceRepository(stack, 'Service', {
    repositoryName: 'typerush/game-service',
    service: 'game-service',
    environment: 'dev',
    project: 'typerush',
    retention: 'environment',
    ...props,
  });
  use(repository, stack);
  return Template.fromStack(stack);
}

const roleArn = (name: string) => ({
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, `:role/${name}`],
  ],
});

describe('a service repository', () => {
  it('has its name, is scanned on push and encrypted with AES256', () => {
    synthesize().hasResourceProperties(type, {
      RepositoryName: 'typerush/game-service',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'AES256' },
    });
  });

  it.each(retentionProfiles)(
    'carries the document of the profile %s to the letter',
    (retention) => {
      synthesize({ retention }).hasResourceProperties(type, {
        LifecyclePolicy: { LifecyclePolicyText: JSON.stringify(retentionPolicy(retention)) },
      });
    },
  );

  it.each(['local', 'dev', 'staging'] as const)(
    'lets tags move, and goes with its stack, in %s',
    (environment) => {
      synthesize({ environment }).hasResource(type, {
        DeletionPolicy: 'Delete',
        UpdateReplacePolicy: 'Delete',
        Properties: {
          ImageTagMutability: 'MUTABLE',
          ImageTagMutabilityExclusionFilters: Match.absent(),
          EmptyOnDelete: true,
        },
      });
    },
  );

  it('fixes tags but for prod and latest, and outlives its stack, in prod', () => {
    synthesize({ environment: 'prod' }).hasResource(type, {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        ImageTagMutabilityExclusionFilters: ['prod', 'latest'].map((filter) => ({
          ImageTagMutabilityExclusionFilterType: 'WILDCARD',
          ImageTagMutabilityExclusionFilterValue: filter,
        })),
        EmptyOnDelete: false,
      },
    });
  });

  it.each(environments)('says in its tags what it is, in %s', (environment) => {
    synthesize({ environment }).hasResourceProperties(type, {
      Tags: [
        { Key: 'Environment', Value: environment },
        { Key: 'Name', Value: 'typerush-game-service-ecr' },
        { Key: 'Project', Value: 'typerush' },
        { Key: 'Service', Value: 'game-service' },
      ],
    });
  });

  it('lets nobody in before a grant', () => {
    synthesize().hasResourceProperties(type, { RepositoryPolicyText: Match.absent() });
  });

  it('names exactly the roles that push and pull, each with the least it needs', () => {
    const template = synthesize({}, (repository, stack) => {
      const access = RegistryAccess.fromRoleNames(stack, 'Access', {
        pushRoleName: 'pusher',
        pullRoleName: 'puller',
      });
      repository.grantPush(access.pushRole);
      repository.grantPull(access.pullRole);
    });
    template.hasResourceProperties(type, {
      RepositoryPolicyText: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Push',
            Effect: 'Allow',
            Principal: { AWS: roleArn('pusher') },
            Action: [
              'ecr:BatchCheckLayerAvailability',
              'ecr:BatchGetImage',
              'ecr:CompleteLayerUpload',
              'ecr:InitiateLayerUpload',
              'ecr:PutImage',
              'ecr:UploadLayerPart',
            ],
          },
          {
            Sid: 'Pull',
            Effect: 'Allow',
            Principal: { AWS: roleArn('puller') },
            Action: [
              'ecr:BatchCheckLayerAvailability',
              'ecr:BatchGetImage',
              'ecr:GetDownloadUrlForLayer',
            ],
          },
        ],
      },
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  it('gives each further role a statement of its own', () => {
    synthesize({}, (repository, stack) => {
      for (const name of ['one', 'two'])
        repository.grantPull(iam.Role.fromRoleName(stack, name, name));
    }).hasResourceProperties(type, {
      RepositoryPolicyText: {
        Statement: [
          Match.objectLike({ Sid: 'Pull', Principal: { AWS: roleArn('one') } }),
          Match.objectLike({ Sid: 'Pull2', Principal: { AWS: roleArn('two') } }),
        ],
      },
    });
  });

  it('lets Lambda pull for functions of its own account and region alone', () => {
    synthesize({}, (repository) =>
      repository.grantLambdaPull({ functionName: 'typerush-*' }),
    ).hasResourceProperties(type, {
      RepositoryPolicyText: {
        Statement: [
          {
            Sid: 'LambdaPull',
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: {
                'aws:SourceArn': {
                  'Fn::Join': [
                    '',
                    [
                      'arn:',
                      { Ref: 'AWS::Partition' },
                      ':lambda:',
                      { Ref: 'AWS::Region' },
                      ':',
                      { Ref: 'AWS::AccountId' },
                      ':function:typerush-*',
                    ],
                  ],
                },
              },
            },
          },
        ],
      },
    });
  });
});
