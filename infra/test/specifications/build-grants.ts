import { App, Stack } from 'aws-cdk-lib/core';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Template } from 'aws-cdk-lib/assertions';
import { type BuildSource } from '@typerush/infra-ecr';
import { type EnvironmentSettings } from '../../src/environments';
import { deliveredFrom } from '../registry';
import { actionsOf } from './iam-faults';
import { asList, statementsOf } from './policy-statements';
import { type TemplateJson, type Templates } from './template';

type PipelineSource = Extract<BuildSource, { type: 'codepipeline' }>;

const keyArn = 'arn:aws:kms:ap-southeast-1:123456789012:key/4567';

/** What the CDK grants and a build does not need, and why. */
const unneeded: readonly [RegExp, string][] = [
  [/^s3:(Delete|Abort|PutObject.|GetObject.|List|GetBucket.)/, 'a build reads and writes objects'],
  [/^kms:GenerateDataKey./, 'S3 requests the data key itself'],
  [/^logs:CreateLogGroup$/, 'the stack creates the group'],
];

/** A build of this source, with a key as the CDK's pipeline has one. */
export function encryptedDelivery(source: PipelineSource): EnvironmentSettings {
  const { build } = { ...deliveredFrom(source).delivery };
  if (!build) throw new Error('there is no build');
  return { delivery: { build: { ...build, encryptionKeyArn: keyArn } } };
}

/** The actions that a build needs, since the CDK grants them for the same source, and that its role does not have. */
export async function missingGrants(
  templates: Templates,
  source: PipelineSource,
): Promise<string[]> {
  const own = await grantedTo(templates, (roles) =>
    JSON.stringify(roles).includes('registry-push'),
  );
  // The CDK still uses the former name of the service; ours follows the connection.
  const byCdk = [...(await grantsOfTheCdk(source))].map((action) =>
    action.replace('codestar-connections:', 'codeconnections:'),
  );
  if (byCdk.length <= 5) throw new Error(`the CDK grants only ${byCdk.join(', ')}`);
  return byCdk.filter(
    (action) => !own.has(action) && !unneeded.some(([pattern]) => pattern.test(action)),
  );
}

/** The actions that the CDK's CodeBuildAction gives the role of a project, for a pipeline with a full clone. */
function grantsOfTheCdk(source: PipelineSource): Promise<Set<string>> {
  const stack = new Stack(new App(), 'Pipeline');
  const artifact = new codepipeline.Artifact();
  const project = new codebuild.PipelineProject(stack, 'Project', {
    grantReportGroupPermissions: false,
  });
  new codepipeline.Pipeline(stack, 'Pipeline', {
    artifactBucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', {
      bucketName: 'typerush-artifacts',
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', keyArn),
    }),
    stages: [
      { stageName: 'Source', actions: [sourceAction(stack, source, artifact)] },
      {
        stageName: 'Build',
        actions: [
          new actions.CodeBuildAction({
            actionName: 'Build',
            project,
            input: artifact,
            outputs: [new codepipeline.Artifact('Images')],
          }),
        ],
      },
    ],
  });
  const template = Template.fromStack(stack).toJSON() as TemplateJson;
  const [role] = Object.keys(template.Resources).filter((id) => id.startsWith('ProjectRole'));
  return grantedTo({ Pipeline: template }, (roles) => JSON.stringify(roles).includes(role ?? '?'));
}

function sourceAction(stack: Stack, { clone }: PipelineSource, output: codepipeline.Artifact) {
  if ('connectionArn' in clone) {
    return new actions.CodeStarConnectionsSourceAction({
      actionName: 'Source',
      owner: 'typerush',
      repo: 'typerush',
      output,
      connectionArn: clone.connectionArn,
      codeBuildCloneOutput: true,
    });
  }
  return new actions.CodeCommitSourceAction({
    actionName: 'Source',
    repository: codecommit.Repository.fromRepositoryName(stack, 'Git', clone.codeCommitRepository),
    output,
    codeBuildCloneOutput: true,
  });
}

/** The actions that the policies of some roles grant. */
async function grantedTo(
  templates: Templates,
  isFor: (roles: unknown) => boolean,
): Promise<Set<string>> {
  const statements = statementsOf(templates).filter(
    ({ resource: { Type, Properties } }) =>
      Type === 'AWS::IAM::Policy' && isFor(Properties?.['Roles']),
  );
  const granted = statements.flatMap(({ statement }) => asList(statement.Action)).map(actionsOf);
  return new Set((await Promise.all(granted)).flat());
}
