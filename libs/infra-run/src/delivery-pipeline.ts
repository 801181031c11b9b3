import { servicePrincipal } from '@typerush/infra-ecr';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Aws, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DeployProject } from './deploy-project';

export interface DeliveryPipelineProps {
  readonly pipelineName: string;
  /** The connection to the Git repository, in AWS CodeConnections. */
  readonly connectionArn: string;
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  /** The CodeBuild project that verifies, pushes and gates (ImageBuild of infra-ecr). */
  readonly buildProjectName: string;
  readonly artifactBucketName: string;
  /** @default - artifacts are encrypted with the key that AWS manages for S3 */
  readonly encryptionKeyArn?: string;
  readonly environment: string;
  /** The services that it deploys. */
  readonly services: readonly string[];
  /** The SSM parameter that records the last delivered commit. */
  readonly lastCommitParameter: string;
  /** The name of the role that deploys, without its region; see DeployRole. */
  readonly deployRoleName: string;
  /** Whether a person approves each deployment. */
  readonly approval: boolean;
}

/**
 * A pipeline from a commit to running services: source, build (verify, push with fixed tags, gates), approval, deployment
 * (moving tags, services). Executions are
 * queued: none overtakes another, and none is superseded between its push and its deployment.
 */
export class DeliveryPipeline extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeliveryPipelineProps,
  ) {
    super(scope, id);
    const { project } = new DeployProject(this, 'Deploy', props);
    const deployProjectName = props.pipelineName;
    const role = this.role([props.buildProjectName, deployProjectName]);
    const pipeline = new codepipeline.CfnPipeline(this, 'Pipeline', {
      name: props.pipelineName,
      pipelineType: 'V2',
      executionMode: 'QUEUED',
      roleArn: role.roleArn,
      artifactStore: {
        type: 'S3',
        location: props.artifactBucketName,
        ...(props.encryptionKeyArn && {
          encryptionKey: { type: 'KMS', id: props.encryptionKeyArn },
        }),
      },
      stages: [
        { name: 'Source', actions: [this.source()] },
        {
          name: 'Build',
          actions: [codeBuild('Build', props.buildProjectName, { output: images })],
        },
        ...(props.approval ? [{ name: 'Approve', actions: [approval] }] : []),
        { name: 'Deploy', actions: [codeBuild('Deploy', deployProjectName, { input: images })] },
      ],
    });
    pipeline.node.addDependency(role, project);
  }

  private source(): codepipeline.CfnPipeline.ActionDeclarationProperty {
    const { connectionArn, owner, repository, branch } = this.props;
    return {
      name: 'Source',
      actionTypeId: action('Source', 'AWS', 'CodeStarSourceConnection'),
      outputArtifacts: [{ name: source }],
      configuration: {
        ConnectionArn: connectionArn,
        FullRepositoryId: `${owner}/${repository}`,
        BranchName: branch,
        // The history: `nx affected` compares two commits.
        OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
      },
    };
  }

  /** It starts the two projects and keeps their artifacts, and can do nothing else. */
  private role(projects: readonly string[]): iam.Role {
    const { connectionArn, artifactBucketName, encryptionKeyArn } = this.props;
    const bucket = `arn:${Aws.PARTITION}:s3:::${artifactBucketName}`;
    const service = connectionArn.split(':')[2] ?? '';
    const role = new iam.Role(this, 'Role', {
      description: 'CodePipeline runs the delivery with this role',
      assumedBy: servicePrincipal('codepipeline.amazonaws.com'),
      inlinePolicies: {
        Deliver: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              sid: 'Source',
              actions: [`${service}:UseConnection`],
              resources: [connectionArn],
            }),
            new iam.PolicyStatement({
              sid: 'Projects',
              actions: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
              resources: projects.map((resourceName) =>
                Stack.of(this).formatArn({
                  service: 'codebuild',
                  resource: 'project',
                  resourceName,
                }),
              ),
            }),
            new iam.PolicyStatement({
              sid: 'Artifacts',
              actions: ['s3:GetObject', 's3:PutObject'],
              resources: [`${bucket}/*`],
            }),
            ...(encryptionKeyArn
              ? [
                  new iam.PolicyStatement({
                    sid: 'EncryptionKey',
                    actions: [
                      'kms:Decrypt',
                      'kms:DescribeKey',
                      'kms:Encrypt',
                      'kms:GenerateDataKey',
                    ],
                    resources: [encryptionKeyArn],
                  }),
                ]
              : []),
          ],
        }),
      },
    });
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${artifactBucketName}/*]`,
      reason: 'CodePipeline makes up the names of its artifacts in this bucket.',
    });
    return role;
  }
}

const source = 'Source';

const action = (category: string, owner: string, provider: string) => ({
  category,
  owner,
  provider,
  version: '1',
});

const approval: codepipeline.CfnPipeline.ActionDeclarationProperty = {
  name: 'Approve',
  actionTypeId: action('Approval', 'AWS', 'Manual'),
  configuration: {
    CustomData: 'The images have passed the gates. Approve to release and deploy them.',
  },
};

/** What the build pushed, which buildspec.yml gathers. deployspec.yml finds it in CODEBUILD_SRC_DIR_Images. */
const images = 'Images';

const codeBuild = (
  name: string,
  projectName: string,
  { input, output }: { readonly input?: string; readonly output?: string },
): codepipeline.CfnPipeline.ActionDeclarationProperty => ({
  name,
  actionTypeId: action('Build', 'AWS', 'CodeBuild'),
  inputArtifacts: [{ name: source }, ...(input ? [{ name: input }] : [])],
  outputArtifacts: output ? [{ name: output }] : [],
  configuration: { ProjectName: projectName, ...(input && { PrimarySource: source }) },
});
