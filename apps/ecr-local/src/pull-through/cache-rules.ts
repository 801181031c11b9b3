import { type CacheRule, type CreationTemplate } from '../registry/registry-configuration';

/** Of a rule, a template or an upstream: no prefix at all. */
const root = 'ROOT';

const withoutSlash = (prefix: string): string => prefix.replace(/\/$/, '');

/** What comes after the prefix in the name; undefined if it has another one. A slash is assumed after a prefix. */
function restAfter(prefix: string, name: string): string | undefined {
  if (prefix === root) return name;
  const start = `${withoutSlash(prefix)}/`;
  return name.startsWith(start) ? name.slice(start.length) : undefined;
}

/** The longest prefix wins; ROOT is for what no other one matches. */
function bestMatch<T>(entries: readonly T[], prefixOf: (entry: T) => string, name: string) {
  const rank = (entry: T) => (prefixOf(entry) === root ? 0 : withoutSlash(prefixOf(entry)).length);
  return entries
    .filter((entry) => restAfter(prefixOf(entry), name) !== undefined)
    .reduce<T | undefined>(
      (best, entry) => (best === undefined || rank(entry) > rank(best) ? entry : best),
      undefined,
    );
}

export interface UpstreamRepository {
  readonly rule: CacheRule;
  readonly repository: string;
}

/**
 * The repository that this one caches.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private-wildcards.html
 */
export function upstreamOf(
  rules: readonly CacheRule[],
  name: string,
): UpstreamRepository | undefined {
  const rule = bestMatch(rules, ({ ecrRepositoryPrefix }) => ecrRepositoryPrefix, name);
  const rest = rule && restAfter(rule.ecrRepositoryPrefix, name);
  if (!rule || rest === undefined) return undefined;
  const { upstreamRepositoryPrefix: upstream = root } = rule;
  return { rule, repository: upstream === root ? rest : `${withoutSlash(upstream)}/${rest}` };
}

/** The template for a repository that ECR creates for a pull. */
export const templateFor = (
  templates: readonly CreationTemplate[],
  name: string,
): CreationTemplate | undefined =>
  bestMatch(
    templates.filter(({ appliedFor }) => appliedFor.includes('PULL_THROUGH_CACHE')),
    ({ prefix }) => prefix,
    name,
  );
