import { GithubRole, type GithubSource, logInAction, servicePrincipal } from '@typerush/infra-ecr';
import { Aws, Stack, Validations } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface DeployRoleProps {
  /** Without a region: roles are of the account, and the same stack can be in two regions. */
  readonly roleName: string;
  /** What a deployment needs; see RunServices. */
  readonly statements: readonly iam.PolicyStatement[];
  /**
   * The SSM parameter with the last delivered commit, which a delivery records after the release of its images.
   *
   * @default - there is no delivery
   */
  readonly lastCommitParameter?: string;
  /** The families of the task definitions that it registers. */
  readonly families: readonly string[];
  /**
   * The workflows of GitHub Actions that deploy, with a role of their own.
   *
   * @default - none
   */
  readonly github?: GithubSource & { readonly roleName: string };
}

/** The roles that deploy images: one for CodeBuild, and one for GitHub Actions if set. Neither can upload an image. */
export class DeployRole extends Construct {
  readonly role: iam.Role;
  readonly githubRole?: iam.Role;

  constructor(scope: Construct, id: string, props: DeployRoleProps) {
    super(scope, id);
    const { roleName, statements, lastCommitParameter, families, github } = props;
    const policies = () => ({
      Deploy: new iam.PolicyDocument({
        statements: [
          ...statements,
          new iam.PolicyStatement({ sid: 'LogIn', actions: [logInAction], resources: ['*'] }),
          ...(lastCommitParameter ? [this.recordCommit(lastCommitParameter)] : []),
        ],
      }),
    });
    this.role = new iam.Role(this, 'Role', {
      roleName: `${roleName}-${Aws.REGION}`,
      description: 'CodeBuild deploys services with this role',
      assumedBy: servicePrincipal('codebuild.amazonaws.com'),
      inlinePolicies: policies(),
    });
    acknowledge(this.role, families);
    if (!github) return;
    this.githubRole = new GithubRole(this, 'Github', {
      ...github,
      roleName: `${github.roleName}-${Aws.REGION}`,
      does: 'deploys services',
      inlinePolicies: policies(),
    }).role;
    acknowledge(this.githubRole, families);
  }

  private recordCommit(parameter: string): iam.PolicyStatement {
    const resourceName = parameter.replace(/^\//, '');
    return new iam.PolicyStatement({
      sid: 'LastCommit',
      actions: ['ssm:PutParameter'],
      resources: [
        Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName }),
      ],
    });
  }
}

function acknowledge(role: iam.Role, families: readonly string[]): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Logging in, and describing and deregistering revisions, know no resource.',
  });
  for (const family of families) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:task-definition/${family}:*]`,
      reason: 'A revision gets its number when it is registered.',
    });
  }
}
