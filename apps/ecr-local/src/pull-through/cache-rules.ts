import { bestMatch, restAfter, root, withoutSlash } from '../registry/name-prefixes';
import { type CacheRule } from '../registry/registry-configuration';

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
