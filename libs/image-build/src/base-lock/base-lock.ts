import { isDigest, type BasePin, type Digest } from '@typerush/oci';
import { z } from 'zod';
import { PipelineError } from '@typerush/pipeline-context';

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), {
  error: 'expected sha256:<64 hex digits>',
});

const baseLockSchema = z.strictObject({
  lockVersion: z.literal(1),
  /** By the reference as the Dockerfile names it. */
  bases: z.record(
    z.string().min(1),
    z.strictObject({ digest, platforms: z.record(z.string().min(1), digest) }),
  ),
});

/** `<dockerfile>.lock.json`: what the base images of a Dockerfile resolve to, whatever their tags say by now. */
export type BaseLock = Readonly<Record<string, BasePin>>;

/** @throws PipelineError `BASE_LOCK_INVALID` that names every mistake */
export function parseBaseLock(text: string, file: string): BaseLock {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, `it is no JSON (${(cause as Error).message})`);
  }
  const parsed = baseLockSchema.safeParse(content);
  if (parsed.success) return parsed.data.bases;
  throw invalid(file, z.prettifyError(parsed.error));
}

/** The same text for the same bases: sorted, one digest a line. */
export function formatBaseLock(lock: BaseLock): string {
  const bases = sorted(lock, ({ digest: top, platforms }) => ({
    digest: top,
    platforms: sorted(platforms, (own) => own),
  }));
  return `${JSON.stringify({ lockVersion: 1, bases }, null, 2)}\n`;
}

function sorted<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U) {
  const entries = Object.entries(record).map(([name, value]) => [name, change(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function invalid(file: string, problem: string): PipelineError {
  return new PipelineError(
    'BASE_LOCK_INVALID',
    `${file} cannot be used: ${problem}\nTake it from version control again, or delete it and run docker-lock.`,
  );
}
