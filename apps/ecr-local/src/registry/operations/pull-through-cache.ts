import { EcrError } from '../../errors/ecr-error';
import { requireOwnRegistry } from '../addressed';
import { pageOf } from '../page';
import { invalidParameter } from '../refusals';
import { checkRoleArn } from '../role-arn';
import { type Registry } from '../registry';
import { type CacheRule } from '../registry-configuration';
import { modelled } from './modelled';
import { refusePaging } from './repositories';

interface CreateRequest {
  readonly registryId?: string;
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistryUrl: string;
  readonly upstreamRegistry?: string;
  readonly upstreamRepositoryPrefix?: string;
  readonly credentialArn?: string;
  readonly customRoleArn?: string;
}

interface RuleRequest {
  readonly registryId?: string;
  readonly ecrRepositoryPrefix: string;
}

interface DescribeRequest {
  readonly registryId?: string;
  readonly ecrRepositoryPrefixes?: readonly string[];
  readonly nextToken?: string;
  readonly maxResults?: number;
}

/** The upstreams by their addresses. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html */
const upstreams: readonly (readonly [RegExp, string, 'login' | 'open'])[] = [
  [/^public\.ecr\.aws$/, 'ecr-public', 'open'],
  [/^registry\.k8s\.io$/, 'k8s', 'open'],
  [/^quay\.io$/, 'quay', 'open'],
  [/^registry-1\.docker\.io$/, 'docker-hub', 'login'],
  [/^ghcr\.io$/, 'github-container-registry', 'login'],
  [/^registry\.gitlab\.com$/, 'gitlab-container-registry', 'login'],
  [/^cgr\.dev$/, 'chainguard', 'login'],
  [/^[a-z0-9]{5,50}\.azurecr\.io$/, 'azure-container-registry', 'login'],
  [/^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/, 'ecr', 'open'],
];

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const rulesOfRegistry = 50;

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
export function pullThroughCacheOperations(registry: Registry) {
  const { account: registryId, configuration, clock } = registry;
  const find = (prefix: string, rules = configuration.get().cacheRules): CacheRule => {
    const found = rules.find(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix === prefix);
    if (found) return found;
    throw new EcrError(
      'PullThroughCacheRuleNotFoundException',
      `The pull through cache rule with the prefix '${prefix}' does not exist in the registry with id '${registryId}'`,
    );
  };
  return {
    createPullThroughCacheRule: modelled(
      'CreatePullThroughCacheRule',
      async ({ registryId: given, ...request }: CreateRequest) => {
        requireOwnRegistry(registry, given);
        const now = clock().toISOString();
        const upstreamRegistry = upstreamOf(registry, request);
        const rule = { ...request, upstreamRegistry, createdAt: now, updatedAt: now };
        await configuration.update(({ cacheRules }) => {
          if (cacheRules.length >= rulesOfRegistry) throw tooManyRules();
          const isTaken = cacheRules.some(
            ({ ecrRepositoryPrefix }) => ecrRepositoryPrefix === request.ecrRepositoryPrefix,
          );
          if (isTaken) throw ruleExists(request.ecrRepositoryPrefix, registryId);
          return { cacheRules: [...cacheRules, rule] };
        });
        const { updatedAt, ...created } = answer(registryId, rule);
        void updatedAt;
        return created;
      },
    ),
    deletePullThroughCacheRule: modelled(
      'DeletePullThroughCacheRule',
      async ({ registryId: given, ecrRepositoryPrefix }: RuleRequest) => {
        requireOwnRegistry(registry, given);
        const deleted = find(ecrRepositoryPrefix);
        await configuration.update(({ cacheRules }) => ({
          cacheRules: cacheRules.filter((rule) => rule !== find(ecrRepositoryPrefix, cacheRules)),
        }));
        const { updatedAt, upstreamRegistry, ...rest } = answer(registryId, deleted);
        void [updatedAt, upstreamRegistry];
        return rest;
      },
    ),
    describePullThroughCacheRules: modelled(
      'DescribePullThroughCacheRules',
      ({ registryId: given, ecrRepositoryPrefixes: prefixes, ...page }: DescribeRequest) => {
        requireOwnRegistry(registry, given);
        if (prefixes) {
          refusePaging(page, 'ecrRepositoryPrefixes');
          return {
            pullThroughCacheRules: prefixes.map((prefix) => answer(registryId, find(prefix))),
          };
        }
        const { items, nextToken } = pageOf(
          configuration.get().cacheRules,
          ({ ecrRepositoryPrefix }) => ecrRepositoryPrefix,
          page,
        );
        return {
          pullThroughCacheRules: items.map((rule) => answer(registryId, rule)),
          ...(nextToken !== undefined && { nextToken }),
        };
      },
    ),
    updatePullThroughCacheRule: modelled(
      'UpdatePullThroughCacheRule',
      async ({
        registryId: given,
        ecrRepositoryPrefix,
        ...change
      }: RuleRequest & Partial<CacheRule>) => {
        requireOwnRegistry(registry, given);
        const updatedAt = clock().toISOString();
        const { cacheRules } = await configuration.update(({ cacheRules: rules }) => {
          const old = find(ecrRepositoryPrefix, rules);
          checkRoleArn(registryId, change.customRoleArn);
          return {
            cacheRules: rules.map((rule) =>
              rule === old ? { ...rule, ...change, updatedAt } : rule,
            ),
          };
        });
        const rule = find(ecrRepositoryPrefix, cacheRules);
        const { createdAt, upstreamRegistry, upstreamRegistryUrl, ...rest } = answer(
          registryId,
          rule,
        );
        void [createdAt, upstreamRegistry, upstreamRegistryUrl];
        return rest;
      },
    ),
    validatePullThroughCacheRule: modelled(
      'ValidatePullThroughCacheRule',
      async ({ registryId: given, ecrRepositoryPrefix }: RuleRequest) => {
        requireOwnRegistry(registry, given);
        const found = find(ecrRepositoryPrefix);
        const failure = await registry.pullThrough.findFailure(registry, found);
        const rule = answer(registryId, found);
        const { createdAt, updatedAt, upstreamRegistry, ...rest } = rule;
        void [createdAt, updatedAt, upstreamRegistry];
        return {
          ...rest,
          isValid: failure === undefined,
          ...(failure !== undefined && { failure }),
        };
      },
    ),
  };
}

const answer = (registryId: string, { createdAt, updatedAt, ...rule }: CacheRule) => ({
  registryId,
  ...rule,
  createdAt: new Date(createdAt),
  updatedAt: new Date(updatedAt),
});

function upstreamOf(
  { account }: Registry,
  { upstreamRegistryUrl: url, upstreamRegistry, credentialArn, customRoleArn }: CreateRequest,
) {
  const known = upstreams.find(([address]) => address.test(url));
  if (!known) {
    throw new EcrError(
      'UnsupportedUpstreamRegistryException',
      `The specified upstream registry isn't supported: '${url}'`,
    );
  }
  const [, name, access] = known;
  if (upstreamRegistry !== undefined && upstreamRegistry !== name) {
    throw invalidParameter('upstreamRegistry', `The upstream registry of '${url}' is '${name}'`);
  }
  if (access === 'login' && credentialArn === undefined) {
    throw invalidParameter('credentialArn', `CredentialArn is required for '${name}'`);
  }
  checkRoleArn(account, customRoleArn);
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
  if (name === 'ecr' && !url.startsWith(account) && customRoleArn === undefined) {
    throw invalidParameter(
      'customRoleArn',
      'CustomRoleArn is required for an upstream in another account',
    );
  }
  return name;
}

const tooManyRules = () =>
  new EcrError(
    'LimitExceededException',
    `A registry has at most ${rulesOfRegistry} pull through cache rules`,
  );

const ruleExists = (prefix: string, registryId: string) =>
  new EcrError(
    'PullThroughCacheRuleAlreadyExistsException',
    `The pull through cache rule with the prefix '${prefix}' already exists in the registry with id '${registryId}'`,
  );
