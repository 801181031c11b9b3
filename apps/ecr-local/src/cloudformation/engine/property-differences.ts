import { isObject, type Json, sameValue } from '../template/value';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_PropertyDifference.html */
export interface PropertyDifference {
  /** As in `/Tags/0/Value`. */
  readonly path: string;
  readonly kind: 'ADD' | 'REMOVE' | 'NOT_EQUAL';
  readonly expected: string;
  readonly actual: string;
}

/**
 * How actual properties differ from expected ones. Only what is expected is compared; in lists and in the objects within
 * a property, what was added counts as well.
 */
export function propertyDifferences(
  expected: Readonly<Record<string, Json>>,
  actual: Readonly<Record<string, Json>>,
): PropertyDifference[] {
  return Object.keys(expected).flatMap((name) =>
    differences(`/${name}`, own(expected, name), own(actual, name)),
  );
}

function differences(
  path: string,
  expected: Json | undefined,
  actual: Json | undefined,
): PropertyDifference[] {
  if (sameValue(expected, actual)) return [];
  const values = { path, expected: described(expected), actual: described(actual) };
  if (expected === undefined) return [{ ...values, kind: 'ADD' }];
  if (actual === undefined) return [{ ...values, kind: 'REMOVE' }];
  const [before, after] = [members(expected), members(actual)];
  if (!before || !after || Array.isArray(expected) !== Array.isArray(actual)) {
    return [{ ...values, kind: 'NOT_EQUAL' }];
  }
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    differences(`${path}/${key}`, own(before, key), own(after, key)),
  );
}

function members(value: Json): Readonly<Record<string, Json>> | undefined {
  if (Array.isArray(value)) return Object.fromEntries(Object.entries(value as readonly Json[]));
  return isObject(value) ? (value as Readonly<Record<string, Json>>) : undefined;
}

const own = (values: Readonly<Record<string, Json>>, name: string): Json | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

const described = (value: Json | undefined): string =>
  value === undefined ? 'null' : typeof value === 'string' ? value : JSON.stringify(value);
