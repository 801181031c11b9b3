import type * as events from 'aws-cdk-lib/aws-events';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Pattern = Readonly<Record<string, unknown>>;

/**
 * Whether EventBridge takes an event for a rule: as much of its language as the rules here use.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: Pattern, event: Json): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') return (wanted as Pattern[]).some((each) => matchesPattern(each, event));
    const values = valuesAt(event, key);
    if (Array.isArray(wanted)) return wanted.some((each) => matchesFilter(each, values));
    return values.some((value) => matchesPattern(wanted as Pattern, value));
  });
}

/** A pattern as CDK takes it, in the form that EventBridge takes. */
export function rendered({ detailType, ...pattern }: events.EventPattern): Pattern {
  return { ...pattern, ...(detailType && { 'detail-type': detailType }) };
}

/** The values under a key; those of every element where the event holds a list. */
function valuesAt(event: Json, key: string): Json[] {
  if (Array.isArray(event)) return event.flatMap((each: Json) => valuesAt(each, key));
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, key)) return [];
  return [(event as { readonly [key: string]: Json })[key] ?? null].flat() as Json[];
}

function matchesFilter(filter: unknown, values: readonly Json[]): boolean {
  if (typeof filter !== 'object' || filter === null) return values.includes(filter as Json);
  const [[name, operand] = []] = Object.entries(filter);
  switch (name) {
    case 'exists':
      return values.length > 0 === operand;
    case 'prefix':
      return values.some((value) => typeof value === 'string' && value.startsWith(String(operand)));
    case 'numeric': {
      const [operator, bound] = operand as [string, number];
      if (operator !== '>') throw new Error(`no numeric ${operator} here`);
      return values.some((value) => typeof value === 'number' && value > bound);
    }
    default:
      throw new Error(`no filter ${name} here`);
  }
}
