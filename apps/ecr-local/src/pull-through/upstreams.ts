import { randomUUID } from 'node:crypto';
import { RegistryClient, type RegistryCredentials } from '@typerush/oci';
import { pullThroughReference, pullThroughService } from '../access/pull-through-role';
import { tokenPurpose, tokenUser } from '../registry/operations/authorization';
import { type Registry, repositoryArn } from '../registry/registry';
import { type CacheRule } from '../registry/registry-configuration';
import { createUpstreamFetch } from './upstream-fetch';
import { type UpstreamSecrets } from './upstream-secrets';

/** Reaches the registries that pull through cache rules name. */
export interface Upstreams {
  /** @param via the header `Via` of the request that needs the upstream, which is passed on */
  connect(registry: Registry, rule: CacheRule, via?: string): Promise<RegistryClient>;
  /** Whether a request comes from this process, through caches that refer to each other. */
  isLoop(via: string | undefined): boolean;
}

export interface UpstreamsOptions {
  readonly secrets: UpstreamSecrets;
  /** Addresses such as http://127.0.0.1:5000 by the host of an upstream, instead of https://<host>. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly registryAt: (location: { account: string; region: string }) => Promise<Registry>;
}

export class RoleError extends Error {
  override readonly name = 'RoleError';
}

/** An upstream that does not answer must not hold up a pull for long: there may be a cached image. */
const idleTimeoutMs = 15_000;
const retry = { retries: 1, minDelayMs: 200, maxDelayMs: 1_000, maxRetryAfterMs: 2_000 };

const tokenLifeMs = 60 * 60 * 1000;

export function createUpstreams({ secrets, addresses, registryAt }: UpstreamsOptions): Upstreams {
  const name = `1.1 ecr-local-${randomUUID()}`;
  /** An ECR of another account or region that is not mapped is one of this process. */
  const ownCredentials = async (
    { account: puller, serviceRoles }: Registry,
    { upstreamRegistryUrl: host, customRoleArn }: CacheRule,
  ): Promise<RegistryCredentials | undefined> => {
    const [, account, region] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\./.exec(host) ?? [];
    if (account === undefined || region === undefined) return undefined;
    const upstream = await registryAt({ account, region });
    const problem =
      customRoleArn !== undefined &&
      serviceRoles.findProblem({
        roleArn: customRoleArn,
        service: pullThroughService,
        location: upstream,
        // What it has to allow depends on the image.
        actions: [],
        resource: repositoryArn(upstream, '*'),
      });
    if (problem) throw new RoleError(`The upstream cannot be called with this role: ${problem}`);
    const expiresAt = new Date(upstream.clock().getTime() + tokenLifeMs);
    const identity = pullThroughReference(puller, customRoleArn);
    return {
      username: tokenUser,
      password: upstream.tokens.sign(tokenPurpose(upstream, identity), expiresAt),
    };
  };
  return {
    connect: async (registry, rule, via) => {
      const { upstreamRegistryUrl: host, credentialArn } = rule;
      const mapped = addresses.get(host);
      const own = mapped === undefined ? await ownCredentials(registry, rule) : undefined;
      const address = new URL(
        mapped ?? (own ? `${registry.scheme}://${registry.host()}` : `https://${host}`),
      );
      const credentials =
        own ?? (credentialArn === undefined ? undefined : await secrets.read(credentialArn));
      return new RegistryClient({
        host: address.host,
        scheme: address.protocol === 'http:' ? 'http' : 'https',
        ...(credentials && { credentials }),
        fetch: createUpstreamFetch(address.origin, via === undefined ? name : `${via}, ${name}`),
        userAgent: 'ecr-local',
        idleTimeoutMs,
        retry,
      });
    },
    isLoop: (header) => header?.includes(name) ?? false,
  };
}
