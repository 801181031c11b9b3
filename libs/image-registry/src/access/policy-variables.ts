import { conditionKey, type ConditionContext, isEvaluatedKey } from './condition-keys';
import { type IamPattern, iamPattern, literalPattern } from './iam-pattern';

/** `${key}` or `${key, 'default'}`; `${*}`, `${?}` and `${$}` are these characters. */
const variable = /\$\{\s*([^{},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/g;

const escapes = ['*', '?', '$'];

/** A variable in a text that is not evaluated; undefined if there is none. */
export function unknownVariable(text: string): string | undefined {
  return [...text.matchAll(variable)]
    .map(([, name = '']) => name)
    .find((name) => !escapes.includes(name) && !isEvaluatedKey(name));
}

/**
 * A text of a policy as a pattern, with its variables replaced; undefined if one has no value, or several.
 *
 * @param read how what is not a variable becomes a pattern
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function expandVariables(
  text: string,
  context: ConditionContext,
  read: (literal: string) => IamPattern = iamPattern,
): IamPattern | undefined {
  const pattern: IamPattern[number][] = [];
  let end = 0;
  for (const match of text.matchAll(variable)) {
    const value = valueOf(match[1] ?? '', match[2], context);
    if (value === undefined) return undefined;
    pattern.push(...read(text.slice(end, match.index)), ...literalPattern(value));
    end = match.index + match[0].length;
  }
  return [...pattern, ...read(text.slice(end))];
}

function valueOf(name: string, fallback: string | undefined, context: ConditionContext) {
  if (escapes.includes(name)) return name;
  const values = context.get(conditionKey(name)) ?? [];
  return values.length === 1 ? values[0] : values.length === 0 ? fallback : undefined;
}
