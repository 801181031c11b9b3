import { Aws, Duration, Stack, Validations } from 'aws-cdk-lib/core';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { type Environment } from '@typerush/image-registry';
import { Construct } from 'constructs';
import { logGroup, writeLog } from '../log-group';
import { allowNetwork, assertNetwork, type BuildNetwork, joinNetwork } from './build-network';
import {
  assertSource,
  type BuildSource,
  codeBuildSource,
  connect,
  sourceStatements,
} from './build-source';
import { type LastCommit } from './last-commit';

export interface ImageBuildProps {
  readonly projectName: string;
  /** The registry that its images are pushed to. */
  readonly environment: Environment;
  /** The role that pushes; see RegistryAccess. */
  readonly pushRole: iam.IRole;
  readonly lastCommit: LastCommit;
  /**
   * When moving tags move: with the push, after its gates, or in a later stage of a pipeline, after an approval.
   *
   * @default push
   */
  readonly movingTags?: 'push' | 'release';
  /** The source of the workspace. */
  readonly source: BuildSource;
  /**
   * The bucket that receives what deployments read, such as `imagedefinitions.json` of each service: the artifact bucket of
   * the pipeline, or else any of the account, which gets it as `<project>/images.zip`.
   */
  readonly artifactBucketName: string;
  /**
   * What builds the images. `docker` needs a privileged build container; `oci` needs neither that nor a daemon.
   *
   * @default oci
   */
  readonly engine?: 'oci' | 'docker';
  /**
   * The bucket that caches are kept in, under a prefix of the project's name.
   *
   * @default - on the build host, for as long as it lives
   */
  readonly cacheBucketName?: string;
  /**
   * The ARN of the KMS key that artifacts are encrypted with; that of the artifact bucket if it has one of its own.
   *
   * @default - the key that AWS manages for S3
   */
  readonly encryptionKeyArn?: string;
  /**
   * The network that builds run in, for one that reaches the registry through endpoints.
   *
   * @default - that of CodeBuild
   */
  readonly network?: BuildNetwork;
  /** How long a build may take, waiting for earlier ones included. @default 60 minutes */
  readonly timeout?: Duration;
  /** @default three months */
  readonly logRetention?: logs.RetentionDays;
}

/** What has not started by then never will. */
const queuedTimeout = Duration.hours(1);
const archive = 'images.zip';

/**
 * Builds and pushes the images that a commit affects, as defined by buildspec.yml in the root of the workspace.
 *
 * Builds are not limited in number, since CodeBuild refuses those beyond a limit, and the commit with them. Each waits for
 * those that started before it (tools/ci/await-earlier-builds.sh): a second one could move a tag back to an older image.
 */
export class ImageBuild extends Construct {
  readonly project: codebuild.Project;
  readonly logGroup: logs.LogGroup;

  /** @throws RegistryDefinitionError BUILD_SOURCE, VPC */
  constructor(scope: Construct, id: string, props: ImageBuildProps) {
    super(scope, id);
    const { projectName, source } = props;
    assertSource(source);
    if (props.network) assertNetwork(props.network);
    this.logGroup = logGroup(this, `/aws/codebuild/${projectName}`, props.logRetention);
    const policy = this.policy(props);
    const common = this.projectProps(props);
    this.project =
      source.type === 'codepipeline'
        ? new codebuild.PipelineProject(this, 'Project', common)
        : new codebuild.Project(this, 'Project', {
            ...common,
            source: codeBuildSource(this, source),
            artifacts: this.artifacts(props),
          });
    const resource = this.project.node.defaultChild as codebuild.CfnProject;
    connect(resource, source);
    if (props.network) joinNetwork(resource, props.network);
    // A build that starts before its role may log fails without a word.
    resource.node.addDependency(policy);
    if (!props.encryptionKeyArn) {
      Validations.of(resource).acknowledge({
        id: 'AwsSolutions-CB4',
        reason:
          'What it keeps are digests of images and caches of public packages; the key that AWS manages for S3 encrypts them.',
      });
    }
  }

  private projectProps(props: ImageBuildProps) {
    const { encryptionKeyArn } = props;
    return {
      projectName: props.projectName,
      description: `Pushes the images that a commit affects (${props.environment})`,
      // The policy below is all that the role gets from here.
      role: iam.Role.fromRoleArn(this, 'Role', props.pushRole.roleArn, { mutable: false }),
      buildSpec: codebuild.BuildSpec.fromSourceFilename('buildspec.yml'),
      environment: {
        buildImage: codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
        computeType: codebuild.ComputeType.SMALL,
        privileged: props.engine === 'docker',
      },
      environmentVariables: {
        ENVIRONMENT: { value: props.environment },
        ENGINE: { value: props.engine ?? 'oci' },
        LAST_COMMIT_PARAMETER: { value: props.lastCommit.parameterName },
        MOVING_TAGS: { value: props.movingTags ?? 'push' },
      },
      encryptionKey: encryptionKeyArn
        ? kms.Key.fromKeyArn(this, 'EncryptionKey', encryptionKeyArn)
        : undefined,
      cache: this.cache(props),
      logging: { cloudWatch: { logGroup: this.logGroup } },
      timeout: props.timeout ?? Duration.minutes(60),
      queuedTimeout,
      grantReportGroupPermissions: false,
    };
  }

  private cache({ cacheBucketName, projectName }: ImageBuildProps): codebuild.Cache {
    if (!cacheBucketName) return codebuild.Cache.local(codebuild.LocalCacheMode.CUSTOM);
    const bucket = s3.Bucket.fromBucketName(this, 'CacheBucket', cacheBucketName);
    return codebuild.Cache.bucket(bucket, { prefix: projectName });
  }

  private artifacts({ artifactBucketName, projectName }: ImageBuildProps): codebuild.IArtifacts {
    return codebuild.Artifacts.s3({
      bucket: s3.Bucket.fromBucketName(this, 'ArtifactBucket', artifactBucketName),
      path: projectName,
      name: archive,
      packageZip: true,
      includeBuildId: false,
    });
  }

  private policy(props: ImageBuildProps): iam.Policy {
    const policy = new iam.Policy(this, 'Policy', {
      roles: [props.pushRole],
      statements: [
        writeLog(this.logGroup),
        new iam.PolicyStatement({
          sid: 'EarlierBuilds',
          actions: ['codebuild:BatchGetBuilds', 'codebuild:ListBuildsForProject'],
          resources: [
            Stack.of(this).formatArn({
              service: 'codebuild',
              resource: 'project',
              resourceName: props.projectName,
            }),
          ],
        }),
        props.lastCommit.accessStatement(),
        ...sourceStatements(this, props.source),
        ...keyStatements(props),
      ],
    });
    allowArtifacts(policy, props);
    this.allowCache(policy, props);
    if (props.network) allowNetwork(policy, props.network);
    return policy;
  }

  private allowCache(policy: iam.Policy, props: ImageBuildProps): void {
    const { cacheBucketName, projectName } = props;
    if (!cacheBucketName) return;
    const bucket = s3.Bucket.fromBucketName(policy, 'Cache', cacheBucketName);
    const objects = bucket.arnForObjects(`${projectName}/*`);
    policy.addStatements(
      new iam.PolicyStatement({
        sid: 'Cache',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [objects],
      }),
    );
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${cacheBucketName}/${projectName}/*]`,
      reason: 'The objects of the cache have names that CodeBuild makes up, under this prefix.',
    });
  }
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html */
function allowArtifacts(policy: iam.Policy, props: ImageBuildProps): void {
  const { artifactBucketName, projectName, source } = props;
  const bucketArn = `arn:${Aws.PARTITION}:s3:::${artifactBucketName}`;
  const inPipeline = source.type === 'codepipeline';
  const objects = inPipeline ? '*' : `${projectName}/${archive}`;
  policy.addStatements(
    new iam.PolicyStatement({
      sid: 'ArtifactBucket',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'],
      resources: [bucketArn],
    }),
    new iam.PolicyStatement({
      sid: 'Artifacts',
      actions: inPipeline
        ? ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject']
        : ['s3:PutObject'],
      resources: [`${bucketArn}/${objects}`],
    }),
  );
  if (!inPipeline) return;
  Validations.of(policy).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${artifactBucketName}/*]`,
    reason: 'CodePipeline makes up the names of its artifacts in this bucket.',
  });
}

function keyStatements({ encryptionKeyArn }: ImageBuildProps): iam.PolicyStatement[] {
  if (!encryptionKeyArn) return [];
  return [
    new iam.PolicyStatement({
      sid: 'EncryptionKey',
      // https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-kms.html
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources: [encryptionKeyArn],
    }),
  ];
}
