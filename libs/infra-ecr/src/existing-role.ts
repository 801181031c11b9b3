import { Aws } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { RegistryDefinitionError } from './registry-definition-error';

/** Existing roles, besides those that a registry creates. */
export interface ExistingRoles {
  /** The account of the registry and of the roles: roles of other accounts are rejected. */
  readonly account: string;
  /**
   * The ARNs of roles that push.
   *
   * @default - none
   */
  readonly push?: readonly string[];
  /**
   * The ARNs of roles that pull.
   *
   * @default - none
   */
  readonly pull?: readonly string[];
}

const roleArn = /^arn:aws[a-z-]*:iam::(\d{12}):role\/((?:[\w+=,.@-]+\/)*[\w+=,.@-]+)$/;

/**
 * A role by its ARN. The account in it is checked and then left to the stack: what is deployed can name none but its own.
 *
 * @throws RegistryDefinitionError ROLE_ARN, FOREIGN_ACCOUNT
 */
export function existingRole(
  scope: Construct,
  id: string,
  of: { readonly arn: string; readonly account: string },
): iam.IRole {
  const [, account, name] = roleArn.exec(of.arn) ?? [];
  if (!account || !name) {
    throw new RegistryDefinitionError(
      'ROLE_ARN',
      `"${of.arn}" is not the ARN of a role, such as arn:aws:iam::${of.account}:role/name.`,
    );
  }
  if (account !== of.account) {
    throw new RegistryDefinitionError(
      'FOREIGN_ACCOUNT',
      `The role ${of.arn} is of account ${account}, and the registry is of ${of.account}: roles of other accounts are not let in. ` +
        'Name a role of the same account.',
    );
  }
  return iam.Role.fromRoleArn(
    scope,
    id,
    `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${name}`,
    // A path is a part of the ARN and none of the name.
    { mutable: true },
  );
}
