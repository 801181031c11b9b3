import { type Digest } from '../digest';
import { OciError } from '../errors';
import { RegistryError } from '../registry/registry-error';
import { type BaseCandidate, type BaseSource } from './base-source';

/** The image that a reference resolves to, even if its tag points to another one now. */
export interface BasePin {
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
  /** Digests of its manifests by `os/architecture`. */
  readonly platforms: Readonly<Record<string, Digest>>;
}

export interface PinnedBaseOptions {
  readonly registry: BaseSource;
  /** By the reference in the Dockerfile; others resolve to what their tag points to. */
  readonly pins: Readonly<Record<string, BasePin>>;
  /** The file of the pins, and how to renew it: for errors. */
  readonly pinnedIn: string;
  readonly remedy: string;
}

/**
 * Base images at the digests of a lock file.
 * @throws OciError `BASE_PIN_GONE` if the registry no longer has the image, `BASE_LOCK_INVALID` if the image has other platforms
 *   than the pin; RegistryError
 */
export function pinnedBase(options: PinnedBaseOptions): BaseSource {
  return {
    async resolve(reference): Promise<BaseCandidate> {
      const pin = options.pins[reference];
      if (!pin) return options.registry.resolve(reference);
      const found = await resolvePin(reference, pin, options);
      checkPlatforms(reference, pin, found, options);
      return { ...found, reference };
    },
  };
}

/** `host/repository:tag@digest`; replaces a digest of the reference. */
export function atDigest(reference: string, digest: Digest): string {
  return `${withoutDigest(reference)}@${digest}`;
}

export function withoutDigest(reference: string): string {
  return reference.split('@', 1)[0] ?? reference;
}

async function resolvePin(
  reference: string,
  { digest }: BasePin,
  { registry, pinnedIn, remedy }: PinnedBaseOptions,
): Promise<BaseCandidate> {
  try {
    return await registry.resolve(atDigest(reference, digest));
  } catch (error) {
    if (!(error instanceof RegistryError) || error.status !== 404) throw error;
    throw new OciError(
      'BASE_PIN_GONE',
      `${pinnedIn} pins ${reference} to ${digest}, which ${error.host} no longer has. ${remedy}`,
      { cause: error },
    );
  }
}

function checkPlatforms(
  reference: string,
  { digest, platforms }: BasePin,
  { manifests = {} }: BaseCandidate,
  { pinnedIn, remedy }: PinnedBaseOptions,
): void {
  const wrong = Object.keys(platforms).find((name) => platforms[name] !== manifests[name]);
  if (wrong === undefined) return;
  throw new OciError(
    'BASE_LOCK_INVALID',
    `${pinnedIn} pins ${reference} to ${platforms[wrong]} for ${wrong}, but ${digest} contains ` +
      `${manifests[wrong] ?? 'no image'} for it: the file was edited by hand. ${remedy}`,
  );
}
