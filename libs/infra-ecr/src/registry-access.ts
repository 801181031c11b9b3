import { Aws } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** The two roles that reach the repositories of an environment. */
export interface IRegistryAccess {
  /** Pushes images; for CodeBuild. */
  readonly pushRole: iam.IRole;
  /** Pulls images; for the execution of ECS tasks. */
  readonly pullRole: iam.IRole;
}

export interface RegistryAccessProps {
  /** The name of the role that pushes. */
  readonly pushRoleName: string;
  /** The name of the role that pulls. */
  readonly pullRoleName: string;
}

/**
 * The roles that push and pull images. By themselves they may log in to the registry and no more: the policy of each
 * repository says which of them it lets do what.
 */
export class RegistryAccess extends Construct implements IRegistryAccess {
  /** The roles that stand under these names in the account of the stack. */
  static fromRoleNames(scope: Construct, id: string, props: RegistryAccessProps): IRegistryAccess {
    const names = new Construct(scope, id);
    return {
      pushRole: iam.Role.fromRoleName(names, 'Push', props.pushRoleName),
      pullRole: iam.Role.fromRoleName(names, 'Pull', props.pullRoleName),
    };
  }

  readonly pushRole: iam.Role;
  readonly pullRole: iam.Role;

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
  }

  private role(
    id: string,
    of: { roleName: string; description: string; service: string },
  ): iam.Role {
    return new iam.Role(this, id, {
      roleName: of.roleName,
      description: of.description,
      // The account as a condition: the service may not use the role on behalf of somebody else.
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
      assumedBy: new iam.ServicePrincipal(of.service, {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: { LogInToRegistry: logInToRegistry() },
    });
  }
}

/** The action knows no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html */
function logInToRegistry(): iam.PolicyDocument {
  const statement = new iam.PolicyStatement({
    actions: ['ecr:GetAuthorizationToken'],
    resources: ['*'],
  });
  return new iam.PolicyDocument({ statements: [statement] });
}
