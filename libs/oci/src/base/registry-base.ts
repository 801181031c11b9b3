import path from 'node:path';
import { BlobStore } from '../blob-store';
import { OciError } from '../errors';
import { formatPlatform } from '../platform';
import { parseReference } from '../reference';
import { RegistryClient } from '../registry/registry-client';
import { type RegistryCredentials } from '../registry/registry-credentials';
import { type BaseCandidate, type BaseSource } from './base-source';
import { CachedRepository } from './cached-repository';

export interface RegistryBaseOptions {
  /** Manifests and layers are kept here, once per machine; see defaultCacheDir. */
  readonly cacheDir: string;
  /** Time for the registry to answer at all, in ms. @default 2000 */
  readonly connectTimeoutMs?: number;
  /** Of a registry's host; asked for when that registry is. Anonymous where there are none. */
  readonly credentials?: (host: string) => Promise<RegistryCredentials | undefined>;
  readonly fetch?: typeof fetch;
}

/**
 * Base images out of the registry that their reference names. A reference by digest needs no registry once it is
 * in the cache.
 */
export function registryBase(options: RegistryBaseOptions): BaseSource {
  return {
    async resolve(reference): Promise<BaseCandidate> {
      const { tag, digest } = parseReference(reference);
      const origin = cachedRepository(reference, options);
      const top = await origin.require(digest ?? tag ?? 'latest');
      const images = await origin.images(top);
      return {
        reference,
        digest: top.digest,
        identity: top.digest,
        standIn: false,
        platforms: [...images.keys()],
        manifests: Object.fromEntries([...images].map(([name, { digest: own }]) => [name, own])),
        load: async (platform) => {
          const image = images.get(formatPlatform(platform));
          if (image) return origin.load(image);
          const name = formatPlatform(platform);
          throw new OciError('PLATFORM_MISSING', `${reference} is not there for ${name}.`);
        },
      };
    },
  };
}

/** The repository that a reference names, through the machine's cache. */
export function cachedRepository(
  reference: string,
  { cacheDir, connectTimeoutMs = 2000, credentials, fetch }: RegistryBaseOptions,
): CachedRepository {
  const { host, repository } = parseReference(reference);
  return new CachedRepository({
    connect: async () => {
      const login = credentials && (() => credentials(host));
      const client = new RegistryClient({ host, credentials: login, fetch });
      await client.ping(connectTimeoutMs);
      return client;
    },
    name: path.posix.join(host, repository),
    repository,
    blobs: new BlobStore(cacheDir),
  });
}
