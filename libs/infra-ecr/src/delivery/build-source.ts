import { Stack } from 'aws-cdk-lib/core';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';

/** The source of the workspace of a build project. Every push to the branch on GitHub starts a build. */
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
    };

/** The whole history: what is affected is a question about two commits. */
const cloneDepth = 0;

export function codeBuildSource(scope: Construct, source: BuildSource): codebuild.ISource {
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
export function connect(project: codebuild.CfnProject, source: BuildSource | undefined): void {
  if (source?.type !== 'codeconnections') return;
  project.addPropertyOverride('Source.Auth', {
    Type: 'CODECONNECTIONS',
    Resource: source.connectionArn,
  });
}

/** What the role of the build needs to get the source. */
export function sourceStatements(
  scope: Construct,
  source: BuildSource | undefined,
): iam.PolicyStatement[] {
  switch (source?.type) {
    case 'codecommit':
      return [
        new iam.PolicyStatement({
          sid: 'Source',
          actions: ['codecommit:GitPull'],
          resources: [
            Stack.of(scope).formatArn({ service: 'codecommit', resource: source.repository }),
          ],
        }),
      ];
    case 'codeconnections':
      return [
        new iam.PolicyStatement({
          sid: 'Source',
          actions: ['codeconnections:GetConnection', 'codeconnections:GetConnectionToken'],
          resources: [source.connectionArn],
        }),
      ];
    default:
      return [];
  }
}
