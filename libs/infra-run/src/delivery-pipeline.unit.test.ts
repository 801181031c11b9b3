import { App, Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { DeliveryPipeline, type DeliveryPipelineProps } from './delivery-pipeline';

const props: DeliveryPipelineProps = {
  pipelineName: 'typerush-prod-run-pipeline',
  connectionArn: 'arn:aws:codeconnections:ap-southeast-1:123456789012:connection/0123',
  owner: 'typerush',
  repository: 'typerush',
  branch: 'main',
  buildProjectName: 'typerush-prod-registry-delivery',
  artifactBucketName: 'typerush-artifacts',
  environment: 'prod',
  services: ['game-service', 'record-service'],
  deployRoleName: 'typerush-prod-run-deploy',
  lastCommitParameter: '/typerush/prod/registry/last-commit',
  approval: true,
};

function templateOf(changes: Partial<DeliveryPipelineProps> = {}): Template {
  const stack = new Stack(new App(), 'Stack');
  new DeliveryPipeline(stack, 'Delivery', { ...props, ...changes });
  return Template.fromStack(stack);
}

interface Stage {
  readonly Name: string;
  readonly Actions: readonly { readonly Configuration: Readonly<Record<string, string>> }[];
}

const stagesOf = (template: Template): Stage[] =>
  Object.values(template.findResources('AWS::CodePipeline::Pipeline')).flatMap(
    ({ Properties }) => Properties.Stages as Stage[],
  );

const actionsOf = (template: Template, type: string): string[] =>
  Object.values(template.findResources(type)).flatMap(({ Properties }) => {
    const policies = (Properties.Policies ?? [Properties]) as {
      PolicyDocument: { Statement: { Action: string | string[] }[] };
    }[];
    return policies.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.flatMap(({ Action }) => Action),
    );
  });

describe('DeliveryPipeline', () => {
  const template = templateOf();

  it('queues its executions', () => {
    template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      PipelineType: 'V2',
      ExecutionMode: 'QUEUED',
    });
  });

  it('builds, waits for an approval, and deploys', () => {
    const stages = stagesOf(template);
    expect(stages.map(({ Name }) => Name)).toEqual(['Source', 'Build', 'Approve', 'Deploy']);
    expect(stages[1]?.Actions[0]?.Configuration).toEqual({
      ProjectName: 'typerush-prod-registry-delivery',
    });
    expect(stages[3]?.Actions[0]).toMatchObject({
      Configuration: { ProjectName: 'typerush-prod-run-pipeline', PrimarySource: 'Source' },
      InputArtifacts: [{ Name: 'Source' }, { Name: 'Images' }],
    });
    expect(stagesOf(templateOf({ approval: false })).map(({ Name }) => Name)).toEqual([
      'Source',
      'Build',
      'Deploy',
    ]);
  });

  it('hands on the history of the repository', () => {
    expect(stagesOf(template)[0]?.Actions[0]?.Configuration).toMatchObject({
      FullRepositoryId: 'typerush/typerush',
      BranchName: 'main',
      OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
    });
  });

  it('deploys the services that run, with the script that GitHub Actions run too', () => {
    template.hasResourceProperties('AWS::CodeBuild::Project', {
      Source: { BuildSpec: 'deployspec.yml', Type: 'CODEPIPELINE' },
      Environment: {
        PrivilegedMode: false,
        EnvironmentVariables: [
          { Name: 'ENVIRONMENT', Value: 'prod' },
          { Name: 'SERVICES', Value: 'game-service record-service' },
          { Name: 'LAST_COMMIT_PARAMETER', Value: '/typerush/prod/registry/last-commit' },
        ],
      },
    });
  });

  it('has a role that starts its two projects, and may neither push, deploy nor pass roles', () => {
    expect(actionsOf(template, 'AWS::IAM::Role')).toEqual([
      'codeconnections:UseConnection',
      'codebuild:BatchGetBuilds',
      'codebuild:StartBuild',
      's3:GetObject',
      's3:PutObject',
    ]);
  });

  it('adds to the role that deploys only its log, its source and the artifacts that it reads', () => {
    expect(actionsOf(template, 'AWS::IAM::Policy')).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:GetObjectVersion',
      'codeconnections:UseConnection',
    ]);
  });
});
