import { type Caller } from './caller';

/** `Principal` of a statement: everybody, or the values by kind. */
export type Principal = '*' | Readonly<Record<string, readonly string[]>>;

/**
 * How a principal names a caller: itself, as one of everybody, by its role, or only by its account. An account that
 * is named delegates: its own identity policies decide.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type PrincipalMatch = 'itself' | 'role' | 'everybody' | 'account' | undefined;

const matchOrder = ['itself', 'role', 'everybody', 'account'] as const;

export function matchPrincipal(principal: Principal, caller: Caller): PrincipalMatch {
  if (principal === '*') return 'everybody';
  const kind = caller.kind === 'service' ? 'Service' : 'AWS';
  const named = (Object.hasOwn(principal, kind) ? principal[kind] : undefined) ?? [];
  const matches = named.map((value) => matchOne(value, caller));
  return matchOrder.find((match) => matches.includes(match));
}

function matchOne(value: string, caller: Caller): PrincipalMatch {
  if (value === caller.arn) return 'itself';
  if (caller.kind === 'service') return undefined;
  if (value === '*') return 'everybody';
  if (value === caller.roleArn) return 'role';
  const account = /^(?:arn:[a-z-]+:iam::(\d{12}):root|(\d{12}))$/.exec(value);
  return (account?.[1] ?? account?.[2]) === caller.account ? 'account' : undefined;
}

const arnOfPrincipal =
  /^arn:[a-z-]+:(?:iam::\d{12}:(?:root|(?:user|role)\/[^*?]{1,576})|sts::\d{12}:(?:assumed-role|federated-user)\/[^*?]{1,200})$/;

/** Ids that IAM puts in the place of a principal that was deleted. */
const uniqueId = /^A[A-Z0-9]{15,127}$/;

const valid: Readonly<Record<string, (value: string) => boolean>> = {
  AWS: (value) =>
    value === '*' || /^\d{12}$/.test(value) || arnOfPrincipal.test(value) || uniqueId.test(value),
  Service: (value) => value !== '',
  Federated: (value) => value !== '',
  CanonicalUser: (value) => value !== '',
};

/** Why a value cannot be a principal of that kind; undefined if it can. */
export function principalProblem(kind: string, value: string): string | undefined {
  const isValid = Object.hasOwn(valid, kind) ? valid[kind] : undefined;
  if (!isValid) return `expected ${Object.keys(valid).join(', ')}`;
  return isValid(value) ? undefined : `'${value}' is not a principal`;
}
