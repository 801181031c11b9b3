import { type Environment } from '@typerush/image-registry';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { findings } from '../../test/findings';
import { AlertTopic } from '../alerts/alert-topic';
import { type BuildSource } from './build-source';
import { FailedBuildsAlarm } from './failed-builds-alarm';
import { ImageBuild, type ImageBuildProps } from './image-build';
import { LastCommit } from './last-commit';

const type = 'AWS::CodeBuild::Project';
const projectName = 'typerush-dev-registry-delivery';
const parameterName = '/typerush/dev/registry/last-commit';
const connectionArn = 'arn:aws:codeconnections:eu-west-1:123456789012:connection/0123';
const github: BuildSource = {
  type: 'github',
  owner: 'typerush',
  repository: 'typerush',
  branch: 'release/1.x',
};

const network = {
  vpcId: 'vpc-0aaaaaaaaaaaaaaaa',
  subnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
  securityGroupIds: ['sg-0aaaaaaaaaaaaaaaa'],
};

const pipeline: BuildSource = { type: 'codepipeline', clone: { connectionArn } };
const codecommit: BuildSource = { type: 'codecommit', repository: 'typerush', branch: 'main' };
const sources: readonly BuildSource[] = [
  github,
  { ...github, type: 'codeconnections', connectionArn },
  codecommit,
  pipeline,
  { type: 'codepipeline', clone: { codeCommitRepository: 'typerush' } },
];

function add(stack: Stack, props: Partial<ImageBuildProps> = {}): void {
  const lastCommit = new LastCommit(stack, 'LastCommit', { parameterName });
  lastCommit.grantAccess('Github', iam.Role.fromRoleName(stack, 'GithubRole', 'github'));
  const build = new ImageBuild(stack, 'Build', {
    projectName,
    environment: 'dev',
    pushRole: iam.Role.fromRoleName(stack, 'PushRole', 'pusher'),
    lastCommit,
    source: github,
    artifactBucketName: 'artifacts',
    ...props,
  });
  new FailedBuildsAlarm(stack, 'Failed', {
    alarmName: `${projectName}-failed`,
    build,
    topic: AlertTopic.fromTopicName(stack, 'alerts'),
  });
}

function synthesize(props?: Partial<ImageBuildProps>): Template {
  const stack = new Stack(new App(), 'Test');
  add(stack, props);
  return Template.fromStack(stack);
}

/** What the role that pushes gets from the build project. */
function statements(template: Template): { readonly Sid: string }[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter(
    ({ Properties }) => Properties.Roles.includes('pusher'),
  );
  expect(policies).toHaveLength(1);
  return policies[0]?.['Properties'].PolicyDocument.Statement;
}

describe('the build project', () => {
  it('runs buildspec.yml of the workspace with the role that pushes', () => {
    for (const source of sources) {
      synthesize({ source }).hasResourceProperties(type, {
        Name: projectName,
        Source: { BuildSpec: 'buildspec.yml' },
        ServiceRole: { 'Fn::Join': ['', Match.arrayWith([':role/pusher'])] },
      });
    }
  });

  it('gets the environment, the engine and the parameter of the last commit, and no secret', () => {
    for (const environment of ['dev', 'prod'] satisfies Environment[]) {
      synthesize({ environment }).hasResourceProperties(type, {
        Environment: Match.objectLike({
          EnvironmentVariables: [
            { Name: 'ENVIRONMENT', Type: 'PLAINTEXT', Value: environment },
            { Name: 'ENGINE', Type: 'PLAINTEXT', Value: 'oci' },
            { Name: 'LAST_COMMIT_PARAMETER', Type: 'PLAINTEXT', Value: parameterName },
            { Name: 'MOVING_TAGS', Type: 'PLAINTEXT', Value: 'push' },
          ],
        }),
      });
    }
  });

  it.each([
    [undefined, false],
    ['oci', false],
    ['docker', true],
  ] as const)('has a privileged host only if docker builds (%s)', (engine, PrivilegedMode) => {
    synthesize({ engine }).hasResourceProperties(type, {
      Environment: {
        PrivilegedMode,
        Image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
        ComputeType: 'BUILD_GENERAL1_SMALL',
      },
    });
  });

  it('refuses no build, and neither waits nor works for ever', () => {
    synthesize().hasResourceProperties(type, {
      // CodeBuild refuses a build beyond the limit, and the commit with it.
      ConcurrentBuildLimit: Match.absent(),
      TimeoutInMinutes: 60,
      QueuedTimeoutInMinutes: 60,
    });
    synthesize({ timeout: Duration.minutes(10) }).hasResourceProperties(type, {
      TimeoutInMinutes: 10,
    });
  });

  it('may see the builds that it waits for, of its own project', () => {
    expect(statements(synthesize())).toContainEqual({
      Sid: 'EarlierBuilds',
      Effect: 'Allow',
      Action: ['codebuild:BatchGetBuilds', 'codebuild:ListBuildsForProject'],
      Resource: { 'Fn::Join': ['', expect.arrayContaining([`:project/${projectName}`])] },
    });
  });

  it('keeps its log for three months, in a group of its own', () => {
    const template = synthesize();
    const [log] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/codebuild/${projectName}`,
      RetentionInDays: 90,
    });
    template.hasResourceProperties(type, {
      LogsConfig: { CloudWatchLogs: { GroupName: { Ref: log }, Status: 'ENABLED' } },
    });
  });

  it('starts once its role may do what it needs', () => {
    const template = synthesize();
    const [project] = Object.values(template.findResources(type));
    const policies = template.findResources('AWS::IAM::Policy', {
      Properties: { Roles: ['pusher'] },
    });
    expect(project?.['DependsOn']).toEqual(Object.keys(policies));
  });

  it.each(['oci', 'docker'] as const)('gives cdk-nag nothing to find (%s)', (engine) => {
    for (const source of sources) {
      const everything = { engine, cacheBucketName: 'caches', source, network };
      expect(findings((stack) => add(stack, { engine, source }))).toEqual([]);
      expect(findings((stack) => add(stack, everything))).toEqual([]);
    }
  });

  it('raises an alarm when a build fails', () => {
    const template = synthesize();
    const [project] = Object.keys(template.findResources(type));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/CodeBuild',
      MetricName: 'FailedBuilds',
      Dimensions: [{ Name: 'ProjectName', Value: { Ref: project } }],
      Threshold: 1,
      AlarmActions: [{ 'Fn::Join': ['', Match.arrayWith([':alerts'])] }],
    });
  });
});

describe('the source of a build', () => {
  it('on GitHub is the branch with its whole history, and a push to it starts a build', () => {
    synthesize({ source: github }).hasResourceProperties(type, {
      Source: {
        Type: 'GITHUB',
        Location: 'https://github.com/typerush/typerush.git',
        GitCloneDepth: 0,
        BuildSpec: 'buildspec.yml',
        Auth: Match.absent(),
      },
      SourceVersion: 'refs/heads/release/1.x',
      Triggers: {
        Webhook: true,
        FilterGroups: [
          [
            { Type: 'EVENT', Pattern: 'PUSH' },
            { Type: 'HEAD_REF', Pattern: 'refs/heads/release/1\\.x' },
          ],
        ],
      },
    });
  });

  it('by a connection is reached with it, and the role may use it', () => {
    const template = synthesize({ source: { ...github, type: 'codeconnections', connectionArn } });
    template.hasResourceProperties(type, {
      Source: { Type: 'GITHUB', Auth: { Type: 'CODECONNECTIONS', Resource: connectionArn } },
    });
    expect(statements(template)).toContainEqual({
      Sid: 'Source',
      Effect: 'Allow',
      Action: ['codeconnections:GetConnection', 'codeconnections:GetConnectionToken'],
      Resource: connectionArn,
    });
  });

  it('by a connection with its former name is reached with its former actions', () => {
    const former = 'arn:aws:codestar-connections:eu-west-1:123456789012:connection/0123';
    for (const [source, actions] of [
      [
        { ...github, type: 'codeconnections', connectionArn: former },
        ['codestar-connections:GetConnection', 'codestar-connections:GetConnectionToken'],
      ],
      [
        { type: 'codepipeline', clone: { connectionArn: former } },
        'codestar-connections:UseConnection',
      ],
    ] satisfies [BuildSource, string | string[]][]) {
      expect(statements(synthesize({ source }))).toContainEqual(
        expect.objectContaining({ Sid: 'Source', Action: actions, Resource: former }),
      );
    }
  });

  it('in CodeCommit is a repository of the account, which the role may pull', () => {
    const template = synthesize({ source: codecommit });
    template.hasResourceProperties(type, {
      Source: { Type: 'CODECOMMIT', GitCloneDepth: 0 },
      SourceVersion: 'refs/heads/main',
    });
    expect(statements(template)).toContainEqual(
      expect.objectContaining({ Sid: 'Source', Action: 'codecommit:GitPull' }),
    );
  });

  it('is cloned by the build if it is that of a pipeline', () => {
    const byConnection = synthesize({ source: pipeline });
    byConnection.hasResourceProperties(type, { Source: { Type: 'CODEPIPELINE' } });
    expect(statements(byConnection)).toContainEqual({
      Sid: 'Source',
      Effect: 'Allow',
      Action: 'codeconnections:UseConnection',
      Resource: connectionArn,
    });
    const clone = { codeCommitRepository: 'typerush' };
    expect(statements(synthesize({ source: { type: 'codepipeline', clone } }))).toContainEqual(
      expect.objectContaining({ Sid: 'Source', Action: 'codecommit:GitPull' }),
    );
  });

  it.each([
    { ...github, type: 'codeconnections', connectionArn: 'connection/0123' },
    { type: 'codepipeline', clone: { connectionArn: 'arn:aws:s3:::connection' } },
  ] satisfies BuildSource[])('is refused with an invalid connection: %j', (source) => {
    expect(() => synthesize({ source })).toThrow(expect.objectContaining({ code: 'BUILD_SOURCE' }));
  });
});

describe('what a build leaves to deployments', () => {
  it.each(sources)('goes into the bucket, which the role may write to (%j)', (source) => {
    const template = synthesize({ source });
    const inPipeline = source.type === 'codepipeline';
    template.hasResourceProperties(type, {
      Artifacts: inPipeline
        ? { Type: 'CODEPIPELINE' }
        : {
            Type: 'S3',
            Location: 'artifacts',
            Path: projectName,
            Name: 'images.zip',
            Packaging: 'ZIP',
            NamespaceType: 'NONE',
          },
    });
    const arn = (objects: string) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::artifacts${objects}`]],
    });
    expect(statements(template)).toEqual(
      expect.arrayContaining([
        {
          Sid: 'ArtifactBucket',
          Effect: 'Allow',
          Action: ['s3:GetBucketAcl', 's3:GetBucketLocation'],
          Resource: arn(''),
        },
        {
          Sid: 'Artifacts',
          Effect: 'Allow',
          Action: inPipeline
            ? ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject']
            : 's3:PutObject',
          Resource: arn(inPipeline ? '/*' : `/${projectName}/images.zip`),
        },
      ]),
    );
  });
});

describe('the role of a build', () => {
  it('gets its log, its builds, the last commit and its artifact from here, and no more', () => {
    const template = synthesize();
    const [log] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    expect(statements(template).map(({ Sid }) => Sid)).toEqual([
      'Log',
      'EarlierBuilds',
      'LastCommit',
      'ArtifactBucket',
      'Artifacts',
    ]);
    expect(statements(template)).toEqual(
      expect.arrayContaining([
        {
          Sid: 'Log',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': [log, 'Arn'] },
        },
        {
          Sid: 'LastCommit',
          Effect: 'Allow',
          Action: ['ssm:GetParameter', 'ssm:PutParameter'],
          Resource: {
            'Fn::Join': [
              '',
              [
                'arn:',
                { Ref: 'AWS::Partition' },
                ':ssm:',
                { Ref: 'AWS::Region' },
                ':',
                { Ref: 'AWS::AccountId' },
                `:parameter${parameterName}`,
              ],
            ],
          },
        },
      ]),
    );
  });

  it('gets its own part of a bucket for caches', () => {
    const template = synthesize({ cacheBucketName: 'caches' });
    template.hasResourceProperties(type, {
      Cache: { Type: 'S3', Location: `caches/${projectName}` },
    });
    expect(statements(template)).toContainEqual({
      Sid: 'Cache',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::caches/${projectName}/*`]],
      },
    });
    synthesize().hasResourceProperties(type, {
      Cache: { Type: 'LOCAL', Modes: ['LOCAL_CUSTOM_CACHE'] },
    });
  });

  it('may have an interface in the subnets of its network, and nowhere else', () => {
    const template = synthesize({ network });
    template.hasResourceProperties(type, {
      VpcConfig: {
        VpcId: 'vpc-0aaaaaaaaaaaaaaaa',
        Subnets: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
        SecurityGroupIds: ['sg-0aaaaaaaaaaaaaaaa'],
      },
    });
    const subnet = (id: string) => ({
      'Fn::Join': ['', expect.arrayContaining([`:subnet/${id}`])],
    });
    expect(statements(template)).toContainEqual(
      expect.objectContaining({
        Sid: 'NetworkOfCodeBuild',
        Action: 'ec2:CreateNetworkInterfacePermission',
        Condition: {
          StringEquals: {
            'ec2:AuthorizedService': 'codebuild.amazonaws.com',
            'ec2:Subnet': [subnet('subnet-0aaaaaaaaaaaaaaaa'), subnet('subnet-0bbbbbbbbbbbbbbbb')],
          },
        },
      }),
    );
    synthesize().hasResourceProperties(type, { VpcConfig: Match.absent() });
  });

  it.each([
    { vpcId: 'main' },
    { subnetIds: ['subnet-0aaa'] },
    { securityGroupIds: [] },
    { securityGroupIds: ['default'] },
  ])('is refused in the network %j', (wrong) => {
    expect(() => synthesize({ network: { ...network, ...wrong } })).toThrow(
      expect.objectContaining({ code: 'VPC' }),
    );
  });

  it('may use the key of the artifacts, if there is one', () => {
    const encryptionKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/0123';
    const template = synthesize({ encryptionKeyArn });
    template.hasResourceProperties(type, { EncryptionKey: encryptionKeyArn });
    expect(statements(template)).toContainEqual({
      Sid: 'EncryptionKey',
      Effect: 'Allow',
      Action: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      Resource: encryptionKeyArn,
    });
  });
});

describe('the last commit', () => {
  it('is "none" before the first push, and otherwise always a commit', () => {
    synthesize().hasResourceProperties('AWS::SSM::Parameter', {
      Name: parameterName,
      Type: 'String',
      Value: 'none',
      AllowedPattern: '^(none|[0-9a-f]{40})$',
    });
  });

  it('is also for GitHub Actions, if they push', () => {
    synthesize().hasResourceProperties('AWS::IAM::Policy', {
      Roles: ['github'],
      PolicyDocument: { Statement: [Match.objectLike({ Sid: 'LastCommit' })] },
    });
  });
});
