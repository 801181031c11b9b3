import { ArnFormat, Aws, Stack, Validations } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { existingRole, type ExistingRoles } from './existing-role';
import { GithubRole, type GithubSource } from './github-role';
import { RegistryDefinitionError } from './registry-definition-error';
import { cachedRepositories } from './pull-through-cache';
import { servicePrincipal } from './service-principal';
import { importActions, logInAction, pullActions } from './repository-actions';

/** Who reaches the repositories of an environment. */
export interface IRegistryAccess {
  /** Pushes images; for CodeBuild. */
  readonly pushRole: iam.IRole;
  /** Pulls images; for the execution of ECS tasks. */
  readonly pullRole: iam.IRole;
  /** Pushes images; for GitHub Actions, if configured. */
  readonly githubRole?: iam.IRole;
  /** All that push, {@link pushRole} first. */
  readonly pushers: readonly iam.IRole[];
  /** All that pull, {@link pullRole} first. */
  readonly pullers: readonly iam.IRole[];
}

export interface RegistryAccessProps {
  /**
   * The name of the role that pushes, without a region. Roles are of the account and not of a region: each gets the region of
   * its stack as a suffix, so that the same registry can be in two regions.
   */
  readonly pushRoleName: string;
  /** The name of the role that pulls, without a region. */
  readonly pullRoleName: string;
  /**
   * The names of the log groups that ECS tasks write to, as a pattern with `*`, such as `/ecs/typerush-dev/*`. ECS writes
   * with the role that pulls.
   *
   * @default - none: tasks have no log in CloudWatch
   */
  readonly taskLogGroups?: string;
  /**
   * The workflows of GitHub Actions that push, with a role of their own.
   *
   * @default - none
   */
  readonly github?: GithubSource & { readonly roleName: string };
  /**
   * Existing roles that push or pull as well.
   *
   * @default - none
   */
  readonly existing?: ExistingRoles;
  /**
   * The prefixes of a pull-through cache: those that push also pull from there, since their builds need base images.
   *
   * @default - none
   */
  readonly cachePrefixes?: readonly string[];
}

const logInPolicy = 'LogInToRegistry';

/**
 * The roles that push and pull images. By themselves they may log in to the registry and no more (and write the logs of
 * ECS tasks, and pull through a cache): the policy of each repository defines the actions that each of them may perform.
 */
export class RegistryAccess extends Construct implements IRegistryAccess {
  /** The same roles, by their names, in a stack that is deployed after them. */
  static fromRoleNames(scope: Construct, id: string, props: RegistryAccessProps): IRegistryAccess {
    const names = new Construct(scope, id);
    const pushRole = iam.Role.fromRoleName(names, 'Push', inRegion(props.pushRoleName));
    const pullRole = iam.Role.fromRoleName(names, 'Pull', inRegion(props.pullRoleName));
    const githubRole =
      props.github && iam.Role.fromRoleName(names, 'Github', inRegion(props.github.roleName));
    const { push, pull } = existing(names, props.existing);
    return {
      pushRole,
      pullRole,
      githubRole,
      pushers: [pushRole, ...(githubRole ? [githubRole] : []), ...push],
      pullers: [pullRole, ...pull],
    };
  }

  readonly pushRole: iam.Role;
  readonly pullRole: iam.Role;
  readonly githubRole?: iam.Role;
  readonly pushers: readonly iam.IRole[];
  readonly pullers: readonly iam.IRole[];

  /** @throws RegistryDefinitionError ROLE_NAME, ROLE_ARN, FOREIGN_ACCOUNT, GITHUB_SOURCE */
  constructor(scope: Construct, id: string, props: RegistryAccessProps) {
    super(scope, id);
    this.pushRole = this.role('Push', {
      roleName: props.pushRoleName,
      description: 'CodeBuild pushes images with this role',
      service: 'codebuild.amazonaws.com',
    });
    this.pullRole = this.role('Pull', {
      roleName: props.pullRoleName,
      description: 'ECS pulls images with this role to start tasks',
      service: 'ecs-tasks.amazonaws.com',
    });
    if (props.taskLogGroups) this.letWriteLogs(props.taskLogGroups);
    const { push, pull } = existing(this, props.existing);
    this.letLogIn([...new Set([...push, ...pull])]);
    this.githubRole = props.github && this.roleOfGithub(props.github);
    this.pushers = [this.pushRole, ...(this.githubRole ? [this.githubRole] : []), ...push];
    this.pullers = [this.pullRole, ...pull];
    if (props.cachePrefixes?.length) this.letPullThrough(props.pushRoleName, props.cachePrefixes);
  }

  private role(
    id: string,
    of: { roleName: string; description: string; service: string },
  ): iam.Role {
    const role = new iam.Role(this, id, {
      roleName: inRegion(of.roleName),
      description: of.description,
      assumedBy: servicePrincipal(of.service),
      inlinePolicies: { [logInPolicy]: logInToRegistry() },
    });
    acknowledgeLogIn(role);
    return role;
  }

  private roleOfGithub(props: GithubSource & { readonly roleName: string }): iam.Role {
    const inlinePolicies = { [logInPolicy]: logInToRegistry() };
    const { role } = new GithubRole(this, 'Github', {
      ...props,
      roleName: inRegion(props.roleName),
      does: 'pushes images',
      inlinePolicies,
    });
    acknowledgeLogIn(role);
    return role;
  }

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
  private letWriteLogs(logGroups: string): void {
    const policy = new iam.Policy(this, 'TaskLogs', {
      roles: [this.pullRole],
      statements: [
        new iam.PolicyStatement({
          sid: 'TaskLogs',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [
            Stack.of(this).formatArn({
              service: 'logs',
              resource: 'log-group',
              resourceName: logGroups,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          ],
        }),
      ],
    });
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:${logGroups}]`,
      reason: 'Services have log groups of their own under this prefix.',
    });
  }

  /** An identity policy: the repositories, and with them their policies, do not exist before the first pull. */
  private letPullThrough(name: string, prefixes: readonly string[]): void {
    const policy = new iam.Policy(this, 'PullThroughCache', {
      policyName: `${name}-cache-${Aws.REGION}`,
      roles: [...new Set(this.pushers)],
      statements: [
        new iam.PolicyStatement({
          sid: 'PullThroughCache',
          actions: [...pullActions, ...importActions].sort(),
          resources: prefixes.map((prefix) =>
            Stack.of(this).formatArn({
              service: 'ecr',
              resource: 'repository',
              resourceName: cachedRepositories(prefix),
            }),
          ),
        }),
      ],
    });
    for (const prefix of prefixes) {
      Validations.of(policy).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/${cachedRepositories(prefix)}]`,
        reason: 'A cache has a repository for each image that was pulled through it.',
      });
    }
  }

  private letLogIn(roles: iam.IRole[]): void {
    if (roles.length === 0) return;
    const policy = new iam.Policy(this, logInPolicy, {
      document: logInToRegistry(),
      roles,
      // An existing role is of the account: the stack of another region must not replace or delete this policy.
      policyName: inRegion(logInPolicy),
    });
    acknowledgeLogIn(policy);
  }
}

/** The most characters of a role's name, less a hyphen and the longest name of a region. */
const maxRoleNameLength = 64 - 1 - 'us-isof-south-1'.length;

/** @throws RegistryDefinitionError ROLE_NAME if IAM would reject the name. */
function inRegion(name: string): string {
  if (name.length > maxRoleNameLength) {
    throw new RegistryDefinitionError(
      'ROLE_NAME',
      `The role name "${name}" has ${name.length} characters; with the region IAM takes at most ${maxRoleNameLength}. Shorten "namespace" in registry.json.`,
    );
  }
  return `${name}-${Aws.REGION}`;
}

/** A role that both pushes and pulls is one construct. */
function existing(scope: Construct, roles?: ExistingRoles) {
  const byArn = new Map<string, iam.IRole>();
  const of = (arn: string): iam.IRole => {
    const id = `Existing${byArn.size + 1}`;
    const role = byArn.get(arn) ?? existingRole(scope, id, { arn, account: roles?.account ?? '' });
    byArn.set(arn, role);
    return role;
  };
  return { push: (roles?.push ?? []).map(of), pull: (roles?.pull ?? []).map(of) };
}

function logInToRegistry(): iam.PolicyDocument {
  const statement = new iam.PolicyStatement({ actions: [logInAction], resources: ['*'] });
  return new iam.PolicyDocument({ statements: [statement] });
}

function acknowledgeLogIn(on: Construct): void {
  Validations.of(on).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: `${logInAction} knows no resource; it is all that the policy allows`,
  });
}
