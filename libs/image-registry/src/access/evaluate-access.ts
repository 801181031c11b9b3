import { type Caller } from './caller';
import { conditionHolds } from './condition';
import { type ConditionContext } from './condition-keys';
import { matchesIgnoringCase } from './condition-operators';
import { iamPattern, matchesIamPattern } from './iam-pattern';
import { type Policy, type PolicyStatement } from './policy-document';
import { expandVariables } from './policy-variables';
import { matchPrincipal, type PrincipalMatch } from './principal';

export interface AccessRequest {
  readonly caller: Caller;
  /** Such as `ecr:PutImage`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** Twelve digits. */
  readonly resourceAccount: string;
  readonly context: ConditionContext;
}

/** The policies that apply to a request. */
export interface AccessPolicies {
  readonly identity: readonly Policy[];
  /** @default none: it does not limit the caller */
  readonly boundary?: readonly Policy[] | undefined;
  /** That a session was limited to when the role was assumed. @default none */
  readonly session?: readonly Policy[] | undefined;
  /** Of the repository and of its registry, or the trust policy of a role. */
  readonly resource: readonly Policy[];
}

export interface AccessDecision {
  readonly allowed: boolean;
  /** What allows it, such as `by an identity-based policy`, or why it is denied, in IAM's words. */
  readonly reason: string;
}

const identityBased = 'an identity-based policy';
const resourceBased = 'a resource-based policy';

/**
 * Decides a request: an explicit denial wins; within an account the policies of the identity or of the resource allow,
 * between accounts both have to.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluateAccess(request: AccessRequest, policies: AccessPolicies): AccessDecision {
  const { caller, action, resourceAccount } = request;
  const { identity, boundary, session, resource } = policies;
  const named = {
    [identityBased]: identity,
    [resourceBased]: resource,
    'a permissions boundary': boundary ?? [],
    'a session policy': session ?? [],
  };
  for (const [name, group] of Object.entries(named)) {
    if (applying('Deny', group, request).length > 0)
      return denied(`with an explicit deny in ${name}`);
  }
  const missing = (name: string) => denied(`because no ${name} allows the ${action} action`);
  const grants = applying('Allow', resource, request);
  if (caller.kind === 'service') {
    return grants.length > 0 ? allowedBy(resourceBased) : missing('resource-based policy');
  }
  const isCrossAccount = caller.account !== resourceAccount;
  // The limits of a session and of a boundary do not apply to what a resource grants to the user or session by name.
  if (!isCrossAccount && grants.includes('itself')) return allowedBy(resourceBased);
  const identityAllows = applying('Allow', identity, request).length > 0;
  const resourceAllows = isCrossAccount
    ? grants.length > 0
    : grants.some((match) => match === 'role' || match === 'everybody');
  const isGranted = isCrossAccount
    ? identityAllows && resourceAllows
    : identityAllows || resourceAllows;
  if (!isGranted)
    return missing(identityAllows ? 'resource-based policy' : 'identity-based policy');
  if (boundary && applying('Allow', boundary, request).length === 0)
    return missing('permissions boundary');
  if (session && applying('Allow', session, request).length === 0) return missing('session policy');
  return allowedBy(
    ...(identityAllows ? [identityBased] : []),
    ...(resourceAllows ? [resourceBased] : []),
  );
}

const allowedBy = (...policies: readonly string[]): AccessDecision => ({
  allowed: true,
  reason: `by ${policies.join(' and ')}`,
});

const denied = (reason: string): AccessDecision => ({ allowed: false, reason });

/** How each statement of the effect that applies names the caller; that of an identity policy names it itself. */
function applying(
  effect: PolicyStatement['effect'],
  policies: readonly Policy[],
  request: AccessRequest,
): PrincipalMatch[] {
  return policies.flatMap(({ statements, variables }) =>
    statements.flatMap((statement) => {
      const match =
        statement.effect === effect ? whomItNames(statement, request.caller) : undefined;
      return match !== undefined && applies(statement, request, variables) ? [match] : [];
    }),
  );
}

function whomItNames({ principal }: PolicyStatement, caller: Caller): PrincipalMatch {
  if (!principal) return 'itself';
  const match = matchPrincipal(principal.names, caller);
  if (!principal.negated) return match;
  return match === undefined ? 'everybody' : undefined;
}

function applies(statement: PolicyStatement, request: AccessRequest, variables: boolean): boolean {
  const { action, resource, conditions } = statement;
  const hasAction = action.patterns.some((pattern) => matchesIgnoringCase(pattern, request.action));
  if (hasAction === action.negated) return false;
  if (resource && resourceMatches(resource.patterns, request, variables) === resource.negated)
    return false;
  return conditions.every((condition) => conditionHolds(condition, request.context, variables));
}

const resourceMatches = (
  patterns: readonly string[],
  { resource, context }: AccessRequest,
  variables: boolean,
): boolean =>
  patterns.some((text) => {
    const pattern = variables ? expandVariables(text, context) : iamPattern(text);
    return pattern !== undefined && matchesIamPattern(pattern, resource);
  });
