import { conditionKey, type ConditionContext, isEvaluatedKey } from './condition-keys';
import { type Comparator, comparators } from './condition-operators';
import { expandVariables, unknownVariable } from './policy-variables';
import { iamPattern, literalPattern } from './iam-pattern';

/** One key under one operator of a `Condition`. */
export interface Condition {
  readonly key: string;
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  /** `Null`, or how values are compared. */
  readonly comparator: Comparator | 'Null';
  readonly values: readonly string[];
}

/** Why a condition is not evaluated, with the place in the policy. */
export interface ConditionProblem {
  readonly path: readonly string[];
  readonly problem: string;
}

const sets = ['ForAllValues', 'ForAnyValue'] as const;

/** Reads the operator of a condition: `ForAnyValue:StringLikeIfExists`. */
function readOperator(operator: string) {
  const set = sets.find((name) => operator.startsWith(`${name}:`));
  const rest = set ? operator.slice(set.length + 1) : operator;
  const ifExists = rest.endsWith('IfExists');
  const name = ifExists ? rest.slice(0, -'IfExists'.length) : rest;
  if (name === 'Null')
    return set || ifExists ? undefined : { set, ifExists, comparator: 'Null' as const };
  const comparator = comparators.get(name);
  return comparator && { set, ifExists, comparator };
}

/** @returns the condition, or why it is not evaluated */
export function readCondition(
  operator: string,
  key: string,
  values: readonly string[],
): Condition | ConditionProblem {
  const read = readOperator(operator);
  if (!read) {
    return { path: [operator], problem: 'is not an operator that is evaluated' };
  }
  const path = [operator, key];
  if (!isEvaluatedKey(key)) return { path, problem: 'is not a condition key that is evaluated' };
  const problems = values.map((value) => valueProblem(read.comparator, value));
  const index = problems.findIndex((problem) => problem !== undefined);
  const problem = problems[index];
  if (problem !== undefined) return { path: [...path, String(index)], problem };
  return { key: conditionKey(key), ...read, values };
}

function valueProblem(comparator: Comparator | 'Null', value: string): string | undefined {
  if (comparator === 'Null') {
    return ['true', 'false'].includes(value.toLowerCase()) ? undefined : 'expected true or false';
  }
  const unknown = comparator.variables ? unknownVariable(value) : undefined;
  if (unknown !== undefined) return `\${${unknown}} is not a variable that is evaluated`;
  return comparator.problem(value);
}

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 *
 * @param expand whether policy variables are replaced: the version 2008-10-17 has none
 */
export function conditionHolds(
  condition: Condition,
  context: ConditionContext,
  expand: boolean,
): boolean {
  const { key, set, ifExists, comparator, values } = condition;
  const given = context.get(key) ?? [];
  const isAbsent = given.length === 0;
  if (comparator === 'Null')
    return values.some((value) => (value.toLowerCase() === 'true') === isAbsent);
  if (isAbsent)
    return ifExists || set === 'ForAllValues' || (comparator.negated && set === undefined);
  const fits = (value: string) =>
    values.some((wanted) => compares(comparator, value, wanted, { context, expand })) !==
    comparator.negated;
  if (set === 'ForAllValues') return given.every(fits);
  if (set === 'ForAnyValue') return given.some(fits);
  return comparator.negated ? given.every(fits) : given.some(fits);
}

function compares(
  { compare, variables }: Comparator,
  value: string,
  wanted: string,
  { context, expand }: { readonly context: ConditionContext; readonly expand: boolean },
): boolean {
  if (!variables || !expand) return compare(value, wanted, iamPattern(wanted));
  const pattern = expandVariables(wanted, context);
  const literal = expandVariables(wanted, context, literalPattern);
  return pattern !== undefined && compare(value, (literal ?? []).join(''), pattern);
}
