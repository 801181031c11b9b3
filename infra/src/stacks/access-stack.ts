import { RegistryAccess, type RegistryAccessProps } from '@typerush/infra-ecr';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type RegistryContext } from '../registry-context';
import { cachePrefixes } from './pull-through-cache-stack';

export interface AccessStackProps extends StackProps {
  readonly access: RegistryAccessProps;
}

/** The roles that every repository of an environment lets in. */
export class AccessStack extends Stack {
  constructor(scope: Construct, id: string, props: AccessStackProps) {
    super(scope, id, props);
    const { pushRole, pullRole, githubRole } = new RegistryAccess(this, 'Access', props.access);
    new CfnOutput(this, 'PushRoleArn', { value: pushRole.roleArn });
    new CfnOutput(this, 'PullRoleArn', { value: pullRole.roleArn });
    if (githubRole) new CfnOutput(this, 'GithubRoleArn', { value: githubRole.roleArn });
  }
}

export function addAccessStack(scope: Construct, context: RegistryContext): AccessStack {
  const { names, environment } = context;
  return new AccessStack(scope, names.supportingStack('access'), {
    description: `Who may push and pull the images of ${names.project} (${environment})`,
    access: accessProps(context),
  });
}

/** Who has access in an environment, for the stack that makes the roles and those that name them. */
export function accessProps(context: RegistryContext): RegistryAccessProps {
  const { names, settings, environment } = context;
  const { github, existingRoles } = settings;
  return {
    pushRoleName: names.pushRole,
    pullRoleName: names.pullRole,
    taskLogGroups: `/ecs/${names.project}-${environment}/*`,
    github: github && {
      ...github,
      environment: pushEnvironment(context),
      roleName: names.githubRole,
    },
    existing: existingRoles,
    cachePrefixes: cachePrefixes(settings),
  };
}

/**
 * The environment on GitHub whose jobs push, as .github/workflows/deliver.yml names it. Where services run, a later job releases
 * and deploys: its environment has the protection rules, so that the approval comes after the gates.
 */
function pushEnvironment({ environment, settings: { github, run } }: RegistryContext): string {
  const name = github?.environment ?? environment;
  return run ? `${name}-push` : name;
}
