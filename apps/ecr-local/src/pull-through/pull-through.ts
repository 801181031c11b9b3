import { type RegistryClient } from '@typerush/oci';
import { type Logger } from '@typerush/service-kit';
import { createFromTemplate } from '../registry/create-from-template';
import { homeOf, type Registry } from '../registry/registry';
import { type CacheRule } from '../registry/registry-configuration';
import { type UpstreamRepository, upstreamOf } from './cache-rules';
import { UpstreamCopy } from './copy-upstream-image';
import { type Upstreams } from './upstreams';

export type PulledReference = { readonly digest: string } | { readonly tag: string };

/** Fetches the images of repositories that a pull through cache rule is for. */
export interface PullThrough {
  /**
   * Before a manifest is read: fetches an image that is not cached, and one whose tag was last compared with the
   * upstream a day ago. Whatever fails, the cached image stays, and is pulled.
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
   *
   * @param via the header `Via` of the request
   */
  refresh(
    registry: Registry,
    name: string,
    reference: PulledReference,
    via: string | undefined,
  ): Promise<void>;
  /** Why the secret of a rule does not work; undefined if it does, or if there is none. */
  findFailure(registry: Registry, rule: CacheRule): Promise<string | undefined>;
}

const refreshAfterMs = 24 * 60 * 60 * 1000;
/** Of tags; the oldest are compared again. */
const rememberedChecks = 10_000;

export function createPullThrough(upstreams: Upstreams, logger: Logger): PullThrough {
  /** When a tag was compared with its upstream, in this process. */
  const checks = new Map<string, number>();
  const running = new Map<string, Promise<void>>();

  const fetchImage = async (
    registry: Registry,
    name: string,
    { rule, repository: upstreamName }: UpstreamRepository,
    reference: PulledReference,
    via: string | undefined,
  ) => {
    const client = await upstreams.connect(registry, rule, via);
    const wanted = 'tag' in reference ? reference.tag : reference.digest;
    const found = await client.headManifest(upstreamName, wanted);
    if (!found) return;
    const tag = 'tag' in reference ? reference.tag : undefined;
    const cached = registry.repositories.find(name)?.images;
    const digest = 'digest' in reference ? reference.digest : found.digest;
    const current = tag === undefined ? cached?.get(digest) : cached?.tagged(tag);
    if (current?.digest === digest) return;
    const repository =
      registry.repositories.find(name) ??
      (await createFromTemplate(registry, name, 'PULL_THROUGH_CACHE'));
    const copy = new UpstreamCopy(client, upstreamName, registry, repository);
    await copy.copy(digest, tag);
  };

  return {
    refresh: async (registry, name, reference, via) => {
      const upstream = upstreamOf(registry.configuration.get().cacheRules, name);
      if (!upstream || upstreams.isLoop(via)) return;
      const key = JSON.stringify([homeOf(registry), name, reference]);
      const now = registry.clock().getTime();
      const images = registry.repositories.find(name)?.images;
      if ('digest' in reference && images?.get(reference.digest)) return;
      const isCached = 'tag' in reference && images?.tagged(reference.tag) !== undefined;
      if (isCached && now < (checks.get(key) ?? -Infinity) + refreshAfterMs) return;
      const fetching =
        running.get(key) ??
        fetchImage(registry, name, upstream, reference, via)
          .then(() => {
            remember(checks, key, now);
          })
          .catch((err: unknown) => {
            const { upstreamRegistryUrl } = upstream.rule;
            const fields = { err, repository: name, ...reference, upstream: upstreamRegistryUrl };
            logger.warn(fields, 'an image could not be fetched from its upstream');
          })
          .finally(() => running.delete(key));
      running.set(key, fetching);
      await fetching;
    },
    findFailure: async (registry, rule) => {
      if (rule.credentialArn === undefined) return undefined;
      try {
        await login(await upstreams.connect(registry, rule));
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}

/** A repository that need not exist: an upstream that accepts the credentials answers 404. */
const login = (client: RegistryClient) => client.headManifest('ecr-local/validation', 'latest');

function remember(checks: Map<string, number>, key: string, now: number): void {
  checks.delete(key);
  checks.set(key, now);
  const [oldest] = checks.keys();
  if (checks.size > rememberedChecks && oldest !== undefined) checks.delete(oldest);
}
