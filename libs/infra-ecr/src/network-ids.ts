import { Token } from 'aws-cdk-lib/core';
import { RegistryDefinitionError } from './registry-definition-error';

/** Ids of EC2 have eight hexadecimal digits, or seventeen since 2018. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const idPattern = (prefix: string) => new RegExp(`^${prefix}-[0-9a-f]{8}([0-9a-f]{9})?$`);

/** Why an id is invalid; nothing if it is valid, or of a resource that is created with the stack. */
export function wrongId(field: string, id: string, prefix: string): string[] {
  return Token.isUnresolved(id) || idPattern(prefix).test(id)
    ? []
    : [`invalid ${field} "${id}", expected one like ${prefix}-0123456789abcdef0`];
}

/** Why a list of ids is invalid. */
export function wrongIds(field: string, ids: readonly string[], prefix: string): string[] {
  if (ids.length === 0) return [`${field} is empty: name at least one`];
  return ids.flatMap((id) => wrongId(field, id, prefix));
}

/** @throws RegistryDefinitionError VPC unless there is nothing wrong. */
export function assertNothingWrong(what: string, wrong: readonly string[]): void {
  if (wrong.length === 0) return;
  throw new RegistryDefinitionError(
    'VPC',
    [`${what} cannot be made:`, ...wrong.map((each) => `  - ${each}`)].join('\n'),
  );
}
