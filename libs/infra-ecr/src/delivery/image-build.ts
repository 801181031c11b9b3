import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { type Environment } from '@typerush/image-registry';
import { Construct } from 'constructs';
import { allowNetwork, type BuildNetwork, joinNetwork } from './build-network';
import { type BuildSource, codeBuildSource, connect, sourceStatements } from './build-source';
import { type LastCommit } from './last-commit';

export interface ImageBuildProps {
  readonly projectName: string;
  /** The registry that its images are pushed to. */
  readonly environment: Environment;
  /** The role that pushes; see RegistryAccess. */
  readonly pushRole: iam.IRole;
  readonly lastCommit: LastCommit;
  /**
   * The source of the workspace.
   *
   * @default - from the CodePipeline that the project is an action of
   */
  readonly source?: BuildSource;
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
   * The ARN of the KMS key that artifacts are encrypted with.
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
  /** @default 30 minutes */
  readonly timeout?: Duration;
  /** @default three months */
  readonly logRetention?: logs.RetentionDays;
}

/** What has not started by then never will. */
const queuedTimeout = Duration.hours(1);

/**
 * Builds and pushes the images that a commit affects, as defined by buildspec.yml in the root of the workspace. One build at a
 * time: a second one could move a tag back to an older image.
 */
export class ImageBuild extends Construct {
  readonly project: codebuild.Project;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: ImageBuildProps) {
    super(scope, id);
    const { projectName, source } = props;
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: `/aws/codebuild/${projectName}`,
      retention: props.logRetention ?? logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const policy = this.policy(props);
    const common = this.projectProps(props);
    this.project = source
      ? new codebuild.Project(this, 'Project', { ...common, source: codeBuildSource(this, source) })
      : new codebuild.PipelineProject(this, 'Project', common);
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
      },
      encryptionKey: encryptionKeyArn
        ? kms.Key.fromKeyArn(this, 'EncryptionKey', encryptionKeyArn)
        : undefined,
      cache: this.cache(props),
      logging: { cloudWatch: { logGroup: this.logGroup } },
      timeout: props.timeout ?? Duration.minutes(30),
      queuedTimeout,
      concurrentBuildLimit: 1,
      grantReportGroupPermissions: false,
    };
  }

  private cache({ cacheBucketName, projectName }: ImageBuildProps): codebuild.Cache {
    if (!cacheBucketName) return codebuild.Cache.local(codebuild.LocalCacheMode.CUSTOM);
    const bucket = s3.Bucket.fromBucketName(this, 'CacheBucket', cacheBucketName);
    return codebuild.Cache.bucket(bucket, { prefix: projectName });
  }

  private policy(props: ImageBuildProps): iam.Policy {
    const policy = new iam.Policy(this, 'Policy', {
      roles: [props.pushRole],
      statements: [
        new iam.PolicyStatement({
          sid: 'Log',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
        props.lastCommit.accessStatement(),
        ...sourceStatements(this, props.source),
        ...keyStatements(props),
      ],
    });
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

function keyStatements({ encryptionKeyArn }: ImageBuildProps): iam.PolicyStatement[] {
  if (!encryptionKeyArn) return [];
  return [
    new iam.PolicyStatement({
      sid: 'EncryptionKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [encryptionKeyArn],
    }),
  ];
}
