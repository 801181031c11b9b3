import { Aws, Validations } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { existingRole, type ExistingRoles } from './existing-role';
import { GithubPushRole, type GithubSource } from './github-push-role';
import { logInAction } from './repository-actions';

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
  /** The name of the role that pushes. */
  readonly pushRoleName: string;
  /** The name of the role that pulls. */
  readonly pullRoleName: string;
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
}

const logInPolicy = 'LogInToRegistry';

/**
 * The roles that push and pull images. By themselves they may log in to the registry and no more: the policy of each
 * repository defines the actions that each of them may perform.
 */
export class RegistryAccess extends Construct implements IRegistryAccess {
  /** The same roles, by their names, in a stack that is deployed after them. */
  static fromRoleNames(scope: Construct, id: string, props: RegistryAccessProps): IRegistryAccess {
    const names = new Construct(scope, id);
    const pushRole = iam.Role.fromRoleName(names, 'Push', props.pushRoleName);
    const pullRole = iam.Role.fromRoleName(names, 'Pull', props.pullRoleName);
    const githubRole =
      props.github && iam.Role.fromRoleName(names, 'Github', props.github.roleName);
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
    const { push, pull } = existing(this, props.existing);
    this.letLogIn([...new Set([...push, ...pull])]);
    this.githubRole = props.github && this.roleOfGithub(props.github);
    this.pushers = [this.pushRole, ...(this.githubRole ? [this.githubRole] : []), ...push];
    this.pullers = [this.pullRole, ...pull];
  }

  private role(
    id: string,
    of: { roleName: string; description: string; service: string },
  ): iam.Role {
    const role = new iam.Role(this, id, {
      roleName: of.roleName,
      description: of.description,
      // The account as a condition: the service may not use the role on behalf of another account.
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
      assumedBy: new iam.ServicePrincipal(of.service, {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: { [logInPolicy]: logInToRegistry() },
    });
    acknowledgeLogIn(role);
    return role;
  }

  private roleOfGithub(props: GithubSource & { readonly roleName: string }): iam.Role {
    const inlinePolicies = { [logInPolicy]: logInToRegistry() };
    const { role } = new GithubPushRole(this, 'Github', { ...props, inlinePolicies });
    acknowledgeLogIn(role);
    return role;
  }

  private letLogIn(roles: iam.IRole[]): void {
    if (roles.length === 0) return;
    const document = logInToRegistry();
    acknowledgeLogIn(new iam.Policy(this, logInPolicy, { document, roles }));
  }
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
