import { Stack } from 'aws-cdk-lib/core';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { RegistryDefinitionError } from '../registry-definition-error';

/** The source of the workspace of a build project. Every push to a branch starts a build. */
export type BuildSource =
  | {
      /** GitHub, by the credentials that CodeBuild has in the account and region. */
      readonly type: 'github';
      readonly owner: string;
      readonly repository: string;
      readonly branch: string;
    }
  | {
      /** GitHub, by a connection of AWS CodeConnections. */
      readonly type: 'codeconnections';
      readonly connectionArn: string;
      readonly owner: string;
      readonly repository: string;
      readonly branch: string;
    }
  | {
      /** CodeCommit in the account and region of the stack. */
      readonly type: 'codecommit';
      readonly repository: string;
      readonly branch: string;
    }
  | {
      /**
       * A CodePipeline that the project is an action of. Its source has to be a full clone, which the build makes itself:
       * what is affected is a question about two commits.
       */
      readonly type: 'codepipeline';
      /** What the pipeline's source is: a connection of AWS CodeConnections, or a repository in CodeCommit. */
      readonly clone:
        { readonly connectionArn: string } | { readonly codeCommitRepository: string };
    };

/** The whole history: what is affected is a question about two commits. */
const cloneDepth = 0;

/** @throws RegistryDefinitionError BUILD_SOURCE */
export function assertSource(source: BuildSource): void {
  const connectionArn =
    source.type === 'codepipeline' && 'connectionArn' in source.clone
      ? source.clone.connectionArn
      : source.type === 'codeconnections'
        ? source.connectionArn
        : undefined;
  if (connectionArn === undefined || connectionServiceOf(connectionArn)) return;
  throw new RegistryDefinitionError(
    'BUILD_SOURCE',
    `Invalid connectionArn "${connectionArn}". Expected the ARN of a connection, such as arn:aws:codeconnections:ap-southeast-1:123456789012:connection/0123abcd.`,
  );
}

/** The source of a project that is not an action of a pipeline. */
export function codeBuildSource(
  scope: Construct,
  source: Exclude<BuildSource, { type: 'codepipeline' }>,
): codebuild.ISource {
  const { repository, branch } = source;
  if (source.type === 'codecommit') {
    return codebuild.Source.codeCommit({
      repository: codecommit.Repository.fromRepositoryName(scope, 'Repository', repository),
      branchOrRef: `refs/heads/${branch}`,
      cloneDepth,
    });
  }
  return codebuild.Source.gitHub({
    owner: source.owner,
    repo: repository,
    branchOrRef: `refs/heads/${branch}`,
    cloneDepth,
    webhook: true,
    webhookFilters: [
      codebuild.FilterGroup.inEventOf(codebuild.EventAction.PUSH).andBranchIs(literally(branch)),
    ],
  });
}

/** The filter is a regular expression. */
const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Past the L2, which knows no connection. */
export function connect(project: codebuild.CfnProject, source: BuildSource): void {
  if (source.type !== 'codeconnections') return;
  project.addPropertyOverride('Source.Auth', {
    Type: 'CODECONNECTIONS',
    Resource: source.connectionArn,
  });
}

/** What the role of the build needs to get the source. */
export function sourceStatements(scope: Construct, source: BuildSource): iam.PolicyStatement[] {
  switch (source.type) {
    case 'github':
      return [];
    case 'codecommit':
      return [pullStatement(scope, source.repository)];
    case 'codeconnections':
      // https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html
      return [connectionStatement(source.connectionArn, ['GetConnection', 'GetConnectionToken'])];
    case 'codepipeline':
      // https://docs.aws.amazon.com/codepipeline/latest/userguide/troubleshooting.html#codebuild-role-connections
      return 'connectionArn' in source.clone
        ? [connectionStatement(source.clone.connectionArn, ['UseConnection'])]
        : [pullStatement(scope, source.clone.codeCommitRepository)];
  }
}

function pullStatement(scope: Construct, repository: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Source',
    actions: ['codecommit:GitPull'],
    resources: [repositoryArn(scope, repository)],
  });
}

export function repositoryArn(scope: Construct, repository: string): string {
  return Stack.of(scope).formatArn({ service: 'codecommit', resource: repository });
}

/** Connections that were made before AWS renamed the service keep its former name, and so do their actions. */
function connectionStatement(connectionArn: string, actions: string[]): iam.PolicyStatement {
  const service = connectionServiceOf(connectionArn) ?? '';
  return new iam.PolicyStatement({
    sid: 'Source',
    actions: actions.map((action) => `${service}:${action}`),
    resources: [connectionArn],
  });
}

const connectionServiceOf = (arn: string): string | undefined =>
  /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[\w-]+$/.exec(
    arn,
  )?.[1];
