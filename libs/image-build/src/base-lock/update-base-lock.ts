import { withoutDigest, type BasePin, type BaseSource } from '@typerush/oci';
import { type BaseLock } from './base-lock';

/** What becomes of one entry; `before` is missing where it is new, `after` where the Dockerfile names it no more. */
export interface LockChange {
  readonly reference: string;
  readonly before?: BasePin;
  readonly after?: BasePin;
}

export interface LockUpdate {
  readonly lock: BaseLock;
  /** One for each entry of either lock, in the order of their names. */
  readonly entries: readonly LockChange[];
  readonly changed: boolean;
}

/**
 * The lock of what these references stand for now, and how it differs from the one that stands.
 * @throws OciError when one of them cannot be resolved: nothing is to be written then
 */
export async function updateBaseLock(
  standing: BaseLock,
  references: readonly string[],
  bases: BaseSource,
): Promise<LockUpdate> {
  const pins = await Promise.all(
    references.map(async (reference) => {
      const { digest, manifests = {} } = await bases.resolve(reference);
      if (!digest) throw new Error(`${withoutDigest(reference)} has resolved to no digest`);
      return [reference, { digest, platforms: manifests }] as const;
    }),
  );
  const lock: BaseLock = Object.fromEntries(pins);
  const names = [...new Set([...Object.keys(standing), ...references])].sort();
  const entries = names.map((reference) => ({
    reference,
    before: standing[reference],
    after: lock[reference],
  }));
  return { lock, entries, changed: entries.some(isChanged) };
}

export function isChanged({ before, after }: LockChange): boolean {
  return before?.digest !== after?.digest || !samePlatforms(before, after);
}

function samePlatforms(one?: BasePin, other?: BasePin): boolean {
  const text = (pin?: BasePin) => JSON.stringify(Object.entries(pin?.platforms ?? {}).sort());
  return text(one) === text(other);
}
