import * as iam from 'aws-cdk-lib/aws-iam';
import { RegistryDefinitionError } from './registry-definition-error';

/** Other accounts whose principals may pull, as far as their own policies let them. */
export interface OtherAccounts {
  /**
   * Ids of accounts.
   *
   * @default - none
   */
  readonly accounts?: readonly string[];
  /**
   * The id of an organization of AWS Organizations: all of its accounts.
   *
   * @default - none
   */
  readonly organizationId?: string;
}

/** @throws RegistryDefinitionError OTHER_ACCOUNTS if an id is invalid. */
export function otherAccountPrincipals({
  accounts = [],
  organizationId,
}: OtherAccounts): iam.IPrincipal[] {
  for (const account of accounts) {
    if (!/^\d{12}$/.test(account)) refuse('account', account, '123456789012');
  }
  if (organizationId === undefined) return accounts.map((id) => new iam.AccountPrincipal(id));
  // https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
  if (!/^o-[a-z0-9]{10,32}$/.test(organizationId)) {
    refuse('organization', organizationId, 'o-a1b2c3d4e5');
  }
  return [
    ...accounts.map((id) => new iam.AccountPrincipal(id)),
    new iam.OrganizationPrincipal(organizationId),
  ];
}

function refuse(what: string, id: string, example: string): never {
  throw new RegistryDefinitionError(
    'OTHER_ACCOUNTS',
    `Invalid id of an ${what} "${id}". Expected one such as ${example}.`,
  );
}
