import { RegistryAccess, type RegistryAccessProps } from '@typerush/infra-ecr';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type RegistryContext } from '../registry-context';

export interface AccessStackProps extends StackProps {
  readonly roles: RegistryAccessProps;
}

/** The roles that every repository of an environment lets in. */
export class AccessStack extends Stack {
  constructor(scope: Construct, id: string, props: AccessStackProps) {
    super(scope, id, props);
    new RegistryAccess(this, 'Access', props.roles);
  }
}

export function addAccessStack(
  scope: Construct,
  { names, environment }: RegistryContext,
): AccessStack {
  return new AccessStack(scope, names.concernStack('access'), {
    description: `Who may push and pull the images of ${names.project} (${environment})`,
    roles: { pushRoleName: names.pushRole, pullRoleName: names.pullRole },
  });
}
