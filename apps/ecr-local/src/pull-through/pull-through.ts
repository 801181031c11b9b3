import { type RegistryClient } from '@typerush/oci';
import { type Logger } from '@typerush/service-kit';
import { createFromTemplate } from '../registry/create-from-template';
import { imageImported, type ImportOutcome } from '../registry/ecr-events';
import { homeOf, type Registry } from '../registry/registry';
import { type CacheRule } from '../registry/registry-configuration';
import { type UpstreamRepository, upstreamOf } from './cache-rules';
import { UpstreamCopy } from './copy-upstream-image';
import { type Upstreams } from './upstreams';

export type PulledReference = { readonly digest: string } | { readonly tag: string };

/** The request that an image is fetched for. */
export interface Puller {
  /** Its header `Via`. */
  readonly via: string | undefined;
  /** Whether it may perform an action on the repository. */
  may(action: string): boolean;
}

/** Fetches the images of repositories that a pull through cache rule is for. */
export interface PullThrough {
  /**
   * Before a manifest is read: fetches an image that is not cached, and one whose tag was last compared with the
   * upstream a day ago. Whatever fails, the cached image stays, and is pulled; a puller who may not import finds nothing
   * else.
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/error-pullthroughcache.html
   */
  refresh(
    registry: Registry,
    name: string,
    reference: PulledReference,
    puller: Puller,
  ): Promise<void>;
  /** Why the secret or the role of a rule does not work; undefined if it does, or if there is none. */
  findFailure(registry: Registry, rule: CacheRule): Promise<string | undefined>;
}

const refreshAfterMs = 24 * 60 * 60 * 1000;
/** Of tags; the oldest are compared again. */
const rememberedChecks = 10_000;

export interface PullThroughOptions {
  readonly upstreams: Upstreams;
  readonly logger: Logger;
  /**
   * Whether the first pull of an image may be by its digest. Users report that it fails with ECR.
   * https://github.com/aws/containers-roadmap/issues/2837
   */
  readonly fetchesByDigest: boolean;
}

export function createPullThrough(options: PullThroughOptions): PullThrough {
  const { upstreams, logger, fetchesByDigest } = options;
  /** When a tag was compared with its upstream, in this process. */
  const checks = new Map<string, number>();
  const running = new Map<string, Promise<void>>();

  const fetchImage = async (
    registry: Registry,
    name: string,
    { rule, repository: upstreamName }: UpstreamRepository,
    reference: PulledReference,
    via: string | undefined,
  ): Promise<ImportOutcome | undefined> => {
    const client = await upstreams.connect(registry, rule, via);
    const wanted = 'tag' in reference ? reference.tag : reference.digest;
    const found = await client.headManifest(upstreamName, wanted);
    if (!found) return { failure: `the upstream has no image ${upstreamName}:${wanted}` };
    const tag = 'tag' in reference ? reference.tag : undefined;
    const cached = registry.repositories.find(name)?.images;
    const digest = 'digest' in reference ? reference.digest : found.digest;
    const current = tag === undefined ? cached?.get(digest) : cached?.tagged(tag);
    if (current?.digest === digest) return undefined;
    const repository =
      registry.repositories.find(name) ??
      (await createFromTemplate(registry, name, 'PULL_THROUGH_CACHE'));
    const copy = new UpstreamCopy(client, upstreamName, registry, repository);
    await copy.copy(digest, tag);
    return { digest };
  };
  const fetchAndReport = async (...fetched: Parameters<typeof fetchImage>) => {
    const [registry, name, { rule }, reference] = fetched;
    const tag = 'tag' in reference ? reference.tag : undefined;
    const report = (outcome: ImportOutcome) =>
      registry.publish(imageImported(registry, rule, name, tag, outcome));
    try {
      const outcome = await fetchImage(...fetched);
      if (outcome) report(outcome);
    } catch (err) {
      const { upstreamRegistryUrl: upstream } = rule;
      const fields = { err, repository: name, ...reference, upstream };
      logger.warn(fields, 'an image could not be fetched from its upstream');
      report({ ...reference, failure: err instanceof Error ? err.message : String(err) });
      return;
    }
    const key = keyOf(registry, name, reference);
    remember(checks, key, registry.clock().getTime());
  };

  return {
    refresh: async (registry, name, reference, puller) => {
      const upstream = upstreamOf(registry.configuration.get().cacheRules, name);
      if (!upstream || upstreams.isLoop(puller.via)) return;
      const key = keyOf(registry, name, reference);
      const now = registry.clock().getTime();
      const images = registry.repositories.find(name)?.images;
      if ('digest' in reference && (!fetchesByDigest || images?.get(reference.digest))) return;
      const isCached = 'tag' in reference && images?.tagged(reference.tag) !== undefined;
      if (isCached && now < (checks.get(key) ?? -Infinity) + refreshAfterMs) return;
      if (!neededActions(images !== undefined).every((action) => puller.may(action))) return;
      const fetching =
        running.get(key) ??
        fetchAndReport(registry, name, upstream, reference, puller.via).finally(() =>
          running.delete(key),
        );
      running.set(key, fetching);
      await fetching;
    },
    findFailure: async (registry, rule) => {
      if (rule.credentialArn === undefined && rule.customRoleArn === undefined) return undefined;
      try {
        const client = await upstreams.connect(registry, rule);
        // What a role may do depends on the image.
        if (rule.credentialArn !== undefined) await login(client);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html */
const neededActions = (exists: boolean): readonly string[] => [
  'ecr:BatchImportUpstreamImage',
  ...(exists ? [] : ['ecr:CreateRepository']),
];

const keyOf = (registry: Registry, name: string, reference: PulledReference): string =>
  JSON.stringify([homeOf(registry), name, reference]);

/** A repository that need not exist: an upstream that accepts the credentials answers 404. */
const login = (client: RegistryClient) => client.headManifest('ecr-local/validation', 'latest');

function remember(checks: Map<string, number>, key: string, now: number): void {
  checks.delete(key);
  checks.set(key, now);
  const [oldest] = checks.keys();
  if (checks.size > rememberedChecks && oldest !== undefined) checks.delete(oldest);
}
