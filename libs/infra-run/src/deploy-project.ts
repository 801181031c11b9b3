import { logGroup, writeLog } from '@typerush/infra-ecr';
import { Aws, type CfnResource, Duration, Validations } from 'aws-cdk-lib/core';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type DeliveryPipelineProps } from './delivery-pipeline';

/** The CodeBuild project that releases the images of a delivery and deploys the services of an environment, as defined by deployspec.yml in the workspace's root. */
export class DeployProject extends Construct {
  readonly project: codebuild.PipelineProject;

  constructor(scope: Construct, id: string, props: DeliveryPipelineProps) {
    super(scope, id);
    const { pipelineName, encryptionKeyArn } = props;
    const role = iam.Role.fromRoleName(this, 'Role', `${props.deployRoleName}-${Aws.REGION}`);
    const log = logGroup(this, `/aws/codebuild/${pipelineName}`);
    const policy = this.policy(props, role, log);
    this.project = new codebuild.PipelineProject(this, 'Project', {
      projectName: pipelineName,
      description: `Deploys the services (${props.environment})`,
      // The policies of the role are here and in the stack of the services, and nowhere else.
      role: iam.Role.fromRoleArn(this, 'SameRole', role.roleArn, { mutable: false }),
      buildSpec: codebuild.BuildSpec.fromSourceFilename('deployspec.yml'),
      environment: {
        buildImage: codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
        computeType: codebuild.ComputeType.SMALL,
      },
      environmentVariables: {
        ENVIRONMENT: { value: props.environment },
        SERVICES: { value: props.services.join(' ') },
        LAST_COMMIT_PARAMETER: { value: props.lastCommitParameter },
      },
      encryptionKey: encryptionKeyArn
        ? kms.Key.fromKeyArn(this, 'EncryptionKey', encryptionKeyArn)
        : undefined,
      logging: { cloudWatch: { logGroup: log } },
      timeout: Duration.hours(2),
      grantReportGroupPermissions: false,
    });
    const resource = this.project.node.defaultChild as CfnResource;
    resource.node.addDependency(policy);
    if (encryptionKeyArn) return;
    Validations.of(resource).acknowledge({
      id: 'AwsSolutions-CB4',
      reason: 'It keeps no artifact: the key that AWS manages for S3 encrypts its sources.',
    });
  }

  /** What the project itself needs, besides what a deployment does. */
  private policy(
    { artifactBucketName, connectionArn, encryptionKeyArn }: DeliveryPipelineProps,
    role: iam.IRole,
    log: ILogGroup,
  ): iam.Policy {
    const bucket = `arn:${Aws.PARTITION}:s3:::${artifactBucketName}`;
    const policy = new iam.Policy(this, 'Policy', {
      roles: [role],
      statements: [
        writeLog(log),
        new iam.PolicyStatement({
          sid: 'Artifacts',
          actions: ['s3:GetObject', 's3:GetObjectVersion'],
          resources: [`${bucket}/*`],
        }),
        new iam.PolicyStatement({
          sid: 'Source',
          actions: [`${connectionArn.split(':')[2]}:UseConnection`],
          resources: [connectionArn],
        }),
        ...(encryptionKeyArn
          ? [
              new iam.PolicyStatement({
                sid: 'EncryptionKey',
                actions: ['kms:Decrypt', 'kms:DescribeKey'],
                resources: [encryptionKeyArn],
              }),
            ]
          : []),
      ],
    });
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${artifactBucketName}/*]`,
      reason: 'CodePipeline makes up the names of its artifacts in this bucket.',
    });
    return policy;
  }
}
