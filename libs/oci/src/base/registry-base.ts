import { BlobStore } from '../blob-store';
import { OciError } from '../errors';
import { formatPlatform } from '../platform';
import { parseReference } from '../reference';
import { type RegistryCredentials } from '../registry/authorizer';
import { RegistryClient } from '../registry/registry-client';
import { type BaseCandidate, type BaseSource } from './base-source';
import { CachedRepository } from './cached-repository';

export interface RegistryBaseOptions {
  /** Manifests and layers are kept here, once per machine; see defaultCacheDir. */
  readonly cacheDir: string;
  /** Time for the registry to answer at all, in ms. @default 3000 */
  readonly connectTimeoutMs?: number;
  /** By registry host; anonymous otherwise. */
  readonly credentials?: Readonly<Record<string, RegistryCredentials>>;
  readonly fetch?: typeof fetch;
}

/**
 * Base images out of the registry that their reference names. A reference by digest needs no registry once it is
 * in the cache.
 */
export function registryBase(options: RegistryBaseOptions): BaseSource {
  const { cacheDir, connectTimeoutMs = 3000, credentials, fetch } = options;
  return {
    async resolve(reference): Promise<BaseCandidate> {
      const { host, repository, tag, digest } = parseReference(reference);
      const client = new RegistryClient({ host, credentials: credentials?.[host], fetch });
      const blobs = new BlobStore(cacheDir);
      const origin = new CachedRepository(client, repository, blobs, connectTimeoutMs);
      const top = await origin.resolve(digest ?? tag ?? 'latest');
      const images = await origin.images(top);
      return {
        reference,
        digest: top,
        standIn: false,
        platforms: [...images.keys()],
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
