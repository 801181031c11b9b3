/** Of a rule, a template or an upstream: no prefix at all. */
export const root = 'ROOT';

export const withoutSlash = (prefix: string): string => prefix.replace(/\/$/, '');

/** What comes after the prefix in the name; undefined if it has another one. A slash is assumed after a prefix. */
export function restAfter(prefix: string, name: string): string | undefined {
  if (prefix === root) return name;
  const start = `${withoutSlash(prefix)}/`;
  return name.startsWith(start) ? name.slice(start.length) : undefined;
}

/** The longest prefix wins; ROOT is for what no other one matches. */
export function bestMatch<T>(
  entries: readonly T[],
  prefixOf: (entry: T) => string,
  name: string,
): T | undefined {
  const rank = (entry: T) => (prefixOf(entry) === root ? 0 : withoutSlash(prefixOf(entry)).length);
  return entries
    .filter((entry) => restAfter(prefixOf(entry), name) !== undefined)
    .reduce<T | undefined>(
      (best, entry) => (best === undefined || rank(entry) > rank(best) ? entry : best),
      undefined,
    );
}
