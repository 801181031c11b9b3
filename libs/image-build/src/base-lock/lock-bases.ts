import path from 'node:path';
import { type BasePin, type BaseSource, RegistryError, withoutDigest } from '@typerush/oci';
import { PipelineError, writeText } from '@typerush/pipeline-context';
import { type Report, type Row, table } from '@typerush/terminal-output';
import { readBaseReferences } from './base-images';
import { type BaseLock, formatBaseLock, lockFileOf, readBaseLock } from './base-lock';

export interface LockRequest {
  readonly root: string;
  /** Relative to the root. */
  readonly dockerfile: string;
  /** `--build-arg` */
  readonly args: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
  /** By their current tags: neither pinned nor stand-ins. */
  readonly bases: BaseSource;
}

/**
 * Pins every base image of a Dockerfile to the digest that its tag points to now. An error leaves the lock file unchanged.
 *
 * @throws PipelineError `FILE_MISSING`, `BASE_LOCK_INVALID`, `BASE_UNAVAILABLE`; DockerfileError
 */
export async function lockBases(request: LockRequest): Promise<Report> {
  const { root, dockerfile, args, dryRun, bases } = request;
  const references = (await readBaseReferences(root, dockerfile, args)).all;
  const before = await readBaseLock(root, dockerfile);
  const file = lockFileOf(dockerfile);
  const after = await resolvePins(references, bases).catch((error: unknown) => {
    throw error instanceof RegistryError ? unavailable(error, file) : error;
  });
  const changes = changesOf(before, after);
  const changed = changes.some(isChanged);
  if (changed && !dryRun) await writeText(path.join(root, file), formatBaseLock(after));
  const state = !changed ? 'up to date' : dryRun ? 'would be written' : 'written';
  return {
    data: { file, dryRun, changed, bases: changes.map(dataOf) },
    text: table(`${file}: ${state}`, changes.flatMap(rowsOf)),
  };
}

async function resolvePins(references: readonly string[], bases: BaseSource): Promise<BaseLock> {
  const pins = references.map(async (reference) => {
    const { digest, manifests = {} } = await bases.resolve(reference);
    if (!digest) throw new Error(`${withoutDigest(reference)} was resolved without a digest`);
    return [reference, { digest, platforms: manifests }] as const;
  });
  return Object.fromEntries(await Promise.all(pins));
}

function unavailable(cause: RegistryError, file: string): PipelineError {
  return new PipelineError(
    'BASE_UNAVAILABLE',
    `Cannot look up a base image of the Dockerfile: ${cause.message}\n${file} was not changed.`,
    { cause },
  );
}

/** `before` is missing for a new entry, `after` for one that the Dockerfile no longer names. */
interface LockChange {
  readonly reference: string;
  readonly before?: BasePin;
  readonly after?: BasePin;
}

/** One change for each entry of either lock, in the order of their names. */
const changesOf = (before: BaseLock, after: BaseLock): readonly LockChange[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .map((reference) => ({ reference, before: before[reference], after: after[reference] }));

const isChanged = ({ before, after }: LockChange): boolean =>
  before?.digest !== after?.digest || platformsOf(before).join() !== platformsOf(after).join();

const platformsOf = (pin?: BasePin) =>
  Object.entries(pin?.platforms ?? {})
    .map(([platform, digest]) => `${platform} ${digest}`)
    .sort();

const dataOf = ({ reference, before, after }: LockChange) => ({
  reference,
  before: before?.digest ?? null,
  after: after?.digest ?? null,
  platforms: Object.keys(after?.platforms ?? {}).sort(),
});

function rowsOf(change: LockChange): Row[] {
  const { reference, before, after } = change;
  if (!after) return [['removed', `${reference}: no longer in the Dockerfile`]];
  const label = !before ? 'pinned' : isChanged(change) ? 'moved' : 'unchanged';
  const isMoved = before && before.digest !== after.digest;
  return [
    [label, reference],
    ['', isMoved ? `${before.digest} -> ${after.digest}` : after.digest],
    ['', Object.keys(after.platforms).sort().join(', ')],
  ];
}
