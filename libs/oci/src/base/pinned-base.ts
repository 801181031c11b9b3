import { type Digest } from '../digest';
import { OciError } from '../errors';
import { RegistryError } from '../registry/registry-error';
import { type BaseCandidate, type BaseSource } from './base-source';

/** What a reference is to resolve to, whatever its tag says by now. */
export interface BasePin {
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
  /** By `os/architecture`, the digests of the manifests behind it. */
  readonly platforms: Readonly<Record<string, Digest>>;
}

export interface PinnedBaseOptions {
  readonly registry: BaseSource;
  /** By the reference as the Dockerfile names it; a reference that is not there resolves as ever. */
  readonly pins: Readonly<Record<string, BasePin>>;
  /** Where the pins are written down, and how they are renewed: for errors. */
  readonly pinnedIn: string;
  readonly remedy: string;
}

/**
 * Base images on the digests that a lock file pins.
 * @throws OciError `BASE_PIN_GONE` when the registry has no such image any more, `BASE_LOCK_INVALID` when the pin names
 *   other platforms than the image behind it has; RegistryError
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

/** `host/repository:tag@digest`; a digest that the reference has already is replaced. */
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
      `${pinnedIn} pins ${reference} to ${digest}, and ${error.host} has no such image any more. ${remedy}`,
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
    `${pinnedIn} says that ${reference} is ${platforms[wrong]} for ${wrong}, but ${digest} has ` +
      `${manifests[wrong] ?? 'nothing'} for it: the file has been edited by hand. ${remedy}`,
  );
}
