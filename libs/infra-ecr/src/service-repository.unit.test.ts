import { environments, retentionPolicy, retentionProfiles } from '@typerush/image-registry';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import {
  RegistryAccess,
  RegistryDefinitionError,
  ServiceRepository,
  type ServiceRepositoryProps,
} from './index';

const type = 'AWS::ECR::Repository';

const defaults: ServiceRepositoryProps = {
  repositoryName: 'typerush/game-service',
  service: 'game-service',
  environment: 'dev',
  project: 'typerush',
  retention: 'environment',
};

function synthesize(
  props: Partial<ServiceRepositoryProps> = {},
  use: (repository: ServiceRepository, stack: Stack) => void = () => undefined,
): Template {
  const stack = new Stack(new App(), 'Test');
  const repository = new ServiceRepository(stack, 'Service', { ...defaults, ...props });
  use(repository, stack);
  return Template.fromStack(stack);
}

const roleArn = (name: string) => ({
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, `:role/${name}`],
  ],
});

/** A role that the access stack creates. */
const ownRoleArn = (name: string) => ({
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

  it('keeps as many images as its service says, by the rules of its profile', () => {
    const keep = { images: { v: 30, dev: 3 }, untaggedDays: 2 };
    synthesize({ keep }).hasResourceProperties(type, {
      LifecyclePolicy: {
        LifecyclePolicyText: JSON.stringify(retentionPolicy('environment', keep)),
      },
    });
  });

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
      // A first creation that fails leaves nothing that would block the retry.
      DeletionPolicy: 'RetainExceptOnCreate',
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

  it('fixes tags in prod but for those that its profile names after branches', () => {
    synthesize({ environment: 'prod', retention: 'release' }).hasResourceProperties(type, {
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: ['prod', 'latest', 'main', 'dev'].map((filter) => ({
        ImageTagMutabilityExclusionFilterType: 'WILDCARD',
        ImageTagMutabilityExclusionFilterValue: filter,
      })),
    });
  });

  it('is encrypted with a key if one is given', () => {
    const keyArn = 'arn:aws:kms:ap-southeast-1:123456789012:key/1234';
    const stack = new Stack(new App(), 'Test');
    new ServiceRepository(stack, 'Service', {
      ...defaults,
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', keyArn),
    });
    Template.fromStack(stack).hasResourceProperties(type, {
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: keyArn },
    });
  });

  it.each(environments)('has resource tags that describe it, in %s', (environment) => {
    synthesize({ environment }).hasResourceProperties(type, {
      Tags: [
        { Key: 'Environment', Value: environment },
        { Key: 'Name', Value: 'typerush-game-service-ecr' },
        { Key: 'Project', Value: 'typerush' },
        { Key: 'Service', Value: 'game-service' },
      ],
    });
  });

  it('allows no principal before a grant', () => {
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
            Principal: { AWS: ownRoleArn('pusher') },
            Action: [
              'ecr:BatchCheckLayerAvailability',
              'ecr:BatchGetImage',
              'ecr:CompleteLayerUpload',
              'ecr:DescribeImages',
              'ecr:DescribeImageScanFindings',
              'ecr:DescribeRepositories',
              'ecr:InitiateLayerUpload',
              'ecr:PutImage',
              'ecr:UploadLayerPart',
            ],
          },
          {
            Sid: 'Pull',
            Effect: 'Allow',
            Principal: { AWS: ownRoleArn('puller') },
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

  it('lets other accounts, or an organization, pull and no more', () => {
    const template = synthesize({}, (repository) =>
      repository.grantPullToOthers({
        accounts: ['210987654321'],
        organizationId: 'o-a1b2c3d4e5',
      }),
    );
    const pull = {
      Effect: 'Allow',
      Action: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
    };
    template.hasResourceProperties(type, {
      RepositoryPolicyText: {
        Statement: [
          {
            ...pull,
            Sid: 'PullOfOthers',
            Principal: {
              AWS: {
                'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::210987654321:root']],
              },
            },
          },
          {
            ...pull,
            Sid: 'PullOfOthers2',
            Principal: { AWS: '*' },
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
          },
        ],
      },
    });
  });

  it.each([
    { accounts: ['21098765432'] },
    { accounts: ['arn:aws:iam::210987654321:root'] },
    { organizationId: '*' },
    { organizationId: 'r-a1b2' },
  ])('rejects the invalid id in %j', (others) => {
    expect(() => synthesize({}, (repository) => repository.grantPullToOthers(others))).toThrow(
      expect.objectContaining({ code: 'OTHER_ACCOUNTS' }),
    );
  });

  it('lets Lambda pull only for functions of its own account and region', () => {
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

describe('a lifecycle policy of one’s own', () => {
  const keepLast = (rulePriority: number, tagPatternList: string[], countNumber = 10) => ({
    rulePriority,
    description: `Keep the last ${countNumber}`,
    selection: {
      tagStatus: 'tagged' as const,
      tagPatternList,
      countType: 'imageCountMoreThan' as const,
      countNumber,
    },
    action: { type: 'expire' as const },
  });
  const shields = ['prod', 'staging', 'latest'].map((tag, index) =>
    keepLast(index + 1, [tag], 9999),
  );

  it('is taken to the letter', () => {
    const retention = { rules: [...shields, keepLast(4, ['v*'])] };
    synthesize({ retention }).hasResourceProperties(type, {
      LifecyclePolicy: { LifecyclePolicyText: JSON.stringify(retention) },
    });
  });

  it.each([
    [
      'is rejected by ECR',
      [...shields, keepLast(3, ['v*'])],
      'More than one rule has the priority 3',
    ],
    ['never acts', [...shields, keepLast(4, ['v*', 'dev*'])], 'Write one rule for each'],
    ['is unreachable', [...shields, keepLast(4, ['v*']), keepLast(5, ['v1*'])], 'Remove the rule'],
    ['could expire a moving tag', [keepLast(1, ['v*'])], 'Before it put one rule'],
  ])('is rejected if a rule %s, with the remedy', (_case, rules, message) => {
    const attempt = () => synthesize({ retention: { rules } });
    expect(attempt).toThrow(RegistryDefinitionError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'LIFECYCLE_POLICY' }));
    expect(attempt).toThrow('The lifecycle policy of typerush/game-service cannot be deployed:');
    expect(attempt).toThrow(message);
  });
});

describe('a repository policy', () => {
  const grantPullTo = (roles: number) => () =>
    synthesize({}, (repository, stack) => {
      for (let nth = 1; nth <= roles; nth++)
        repository.grantPull(iam.Role.fromRoleName(stack, `Role${nth}`, `role-${nth}`));
    });

  it('is refused once it is longer than ECR takes, and not before', () => {
    // The longest values that CloudFormation can fill in.
    const lengthOf = (roles: number) => {
      const [repository] = Object.values(grantPullTo(roles)().findResources(type));
      const filledIn = JSON.stringify(repository?.['Properties'].RepositoryPolicyText)
        .replaceAll('{"Ref":"AWS::Partition"}', '"aws-us-gov"')
        .replaceAll('{"Ref":"AWS::AccountId"}', '"123456789012"')
        .replaceAll(/\{"Fn::Join":\["",(\[[^\]]*\])\]\}/g, (_join, parts: string) =>
          JSON.stringify(JSON.parse(parts).join('')),
        );
      return filledIn.length;
    };
    let most = 1;
    while (most < 100) {
      try {
        grantPullTo(most + 1)();
      } catch (error) {
        expect(error).toMatchObject({ code: 'REPOSITORY_POLICY_LENGTH' });
        break;
      }
      most++;
    }
    expect(lengthOf(most)).toBeLessThanOrEqual(10_240);
    expect(lengthOf(most)).toBeGreaterThan(10_240 - 250);
  });
});
