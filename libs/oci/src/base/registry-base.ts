import path from 'node:path';
import { type Variables } from '@typerush/child-process';
import { type Blob, BlobStore } from '../blob-store';
import { homeFolder } from '../home-folder';
import { OciError } from '../errors';
import { formatPlatform } from '../platform';
import { atMirror, type Mirrors, parseReference } from '../reference';
import { type RegistryCredentials } from '../registry/credentials';
import { RegistryClient } from '../registry/registry-client';
import { RegistryError } from '../registry/registry-error';
import {
  type BaseCandidate,
  type BaseInfo,
  type BaseSource,
  type BlobSource,
  listingsIn,
} from './base-source';
import { CachedRepository } from './cached-repository';

export interface RegistryBaseOptions {
  /** Manifests and layers are stored here, once for each machine; see defaultCacheDir. */
  readonly cacheDir: string;
  /** Time limit for the first response of the registry, in ms. @default 2000 */
  readonly connectTimeoutMs?: number;
  /** Called when the registry requires authorization for that repository. @default anonymous */
  readonly credentials?: (
    host: string,
    repository: string,
  ) => Promise<RegistryCredentials | undefined>;
  /** Hosts of registries that are reached by plain HTTP. @default only this machine */
  readonly insecureRegistries?: readonly string[];
  readonly fetch?: typeof fetch;
  /** Where images come from instead of their registries. */
  readonly mirrors?: Mirrors;
}

/** `$XDG_CACHE_HOME/typerush/oci`, or `~/.cache/typerush/oci`. */
export function defaultCacheDir(env: Variables): string {
  if (env['XDG_CACHE_HOME']) return path.join(env['XDG_CACHE_HOME'], 'typerush', 'oci');
  const home = homeFolder(env);
  if (home) return path.join(home, '.cache', 'typerush', 'oci');
  throw new OciError(
    'CACHE_DIR_UNKNOWN',
    'Cannot choose a folder for the cache of base images: HOME is not set, and this user has no home folder.\n' +
      'Fix: set XDG_CACHE_HOME.',
  );
}

/** Base images from the registry in their reference. A reference by digest needs no registry once it is in the cache. */
export function registryBase(options: RegistryBaseOptions): BaseSource {
  return {
    async resolve(reference): Promise<BaseCandidate> {
      const { tag, digest } = parseReference(reference);
      const repository = cachedRepository(reference, options);
      const top = await repository.require(digest ?? tag ?? 'latest');
      const images = await repository.images(top);
      return {
        reference,
        digest: top.digest,
        identity: top.digest,
        standIn: false,
        platforms: [...images.keys()],
        manifests: Object.fromEntries([...images].map(([name, { digest: own }]) => [name, own])),
        load: async (platform) => {
          const name = formatPlatform(platform);
          const image = images.get(name);
          if (image) return repository.load(image);
          throw new OciError(
            'PLATFORM_MISSING',
            `${reference} has no image for ${name}, only for ${[...images.keys()].join(', ')}.`,
          );
        },
      };
    },
  };
}

function cachedRepository(
  reference: string,
  {
    cacheDir,
    connectTimeoutMs = 2000,
    credentials,
    insecureRegistries = [],
    fetch,
    mirrors,
  }: RegistryBaseOptions,
): CachedRepository {
  const { host, repository } = parseReference(atMirror(reference, mirrors));
  return new CachedRepository({
    connect: async () => {
      const provider = credentials && (() => credentials(host, repository));
      const scheme = insecureRegistries.includes(host) ? 'http' : undefined;
      const client = new RegistryClient({ host, scheme, credentials: provider, fetch });
      await client.ping(connectTimeoutMs);
      return client;
    },
    name: path.posix.join(host, repository),
    repository,
    blobs: new BlobStore(cacheDir),
    listings: listingsIn(cacheDir),
  });
}

export interface BaseBlobsOptions extends RegistryBaseOptions {
  readonly base: BaseInfo;
  /** Added to the error about a missing layer of a stand-in. */
  readonly remedy: string;
}

/**
 * The layers of a base image, which a sparse layout lacks: from the machine's cache, or from the registry of the base image.
 * The function throws RegistryError; OciError `BASE_BLOB_MISSING` for a stand-in, which is in no registry
 */
export function baseBlobs({ base, remedy, ...options }: BaseBlobsOptions): BlobSource {
  if (base.standIn) return standInBlobs(options.cacheDir, base.reference, remedy);
  const repository = cachedRepository(base.reference, options);
  return (blob) => repository.blob(blob);
}

function standInBlobs(cacheDir: string, reference: string, remedy: string): BlobSource {
  const blobs = new BlobStore(cacheDir);
  return async (blob: Blob) => {
    if (await blobs.isIntact(blob)) return blobs.path(blob.digest);
    // The next build only checks the size.
    await blobs.remove(blob.digest);
    throw new OciError(
      'BASE_BLOB_MISSING',
      `Layer ${blob.digest} of the stand-in base image for ${reference} is not on this machine: ` +
        `it was created on another machine, or the cache ${cacheDir} was cleared. ${remedy}`,
    );
  };
}

export interface AutoBaseOptions {
  readonly registry: BaseSource;
  readonly standIn: BaseSource;
  /** false for prod, where an unreachable registry is an error. */
  readonly allowStandIn: boolean;
  /** Called when the stand-in is used, with the reason in one sentence. */
  readonly onFallback?: (message: string) => void;
}

/**
 * The registry's base image, or a stand-in if the registry is unreachable.
 * @throws RegistryError if the registry does not have the image; OciError `BASE_UNAVAILABLE` if it is unreachable and a stand-in
 *   is not allowed
 */
export function autoBase(options: AutoBaseOptions): BaseSource {
  return {
    async resolve(reference): Promise<BaseCandidate> {
      try {
        return await options.registry.resolve(reference);
      } catch (error) {
        if (!(error instanceof RegistryError) || error.code !== 'UNREACHABLE') throw error;
        if (!options.allowStandIn) throw unavailable(reference, error);
        const standIn = await options.standIn.resolve(reference);
        options.onFallback?.(
          `${error.host} is unreachable: using a stand-in base image made of this machine's Node instead of ` +
            `${reference}, only for ${standIn.platforms.join(', ')}.`,
        );
        return standIn;
      }
    },
  };
}

function unavailable(reference: string, cause: RegistryError): OciError {
  return new OciError(
    'BASE_UNAVAILABLE',
    `Cannot pull base image ${reference}: ${cause.host} is unreachable, and this environment does not allow a stand-in ` +
      'base image.\nFix: build where that registry is reachable, or name a mirror of the image.',
    { cause },
  );
}
