/** A value as a template holds it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Part of a value that only exists once a resource has been made. Planning meets it, execution never. */
export class Pending {
  constructor(readonly source: string) {}
}

/** What evaluating a template's value gives; `undefined` is `AWS::NoValue`. */
export type Value = null | boolean | number | string | Pending | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [key: string]: Value;
}

export function isObject<T>(
  value: T,
): value is Exclude<
  T,
  readonly unknown[] | null | Pending | string | number | boolean | undefined
> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Pending)
  );
}

export function hasPending(value: Value): boolean {
  if (value instanceof Pending) return true;
  if (Array.isArray(value)) return value.some(hasPending);
  return isObject(value) && Object.values(value).some(hasPending);
}

/** Pending values equal nothing, themselves included: what will come is not known. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a instanceof Pending || b instanceof Pending) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
    );
  }
  return a === b;
}
