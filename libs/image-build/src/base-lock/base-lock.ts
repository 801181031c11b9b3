import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BasePin, digestSchema as digest } from '@typerush/oci';
import * as z from 'zod';
import { PipelineError } from '@typerush/pipeline-context';

const baseLockSchema = z.strictObject({
  lockVersion: z.literal(1),
  bases: z.record(
    z.string().min(1),
    z.strictObject({ digest, platforms: z.record(z.string().min(1), digest) }),
  ),
});

/** The pinned base images of a Dockerfile, by the reference in the Dockerfile. */
export type BaseLock = Readonly<Record<string, BasePin>>;

/** The lock file is beside its Dockerfile. */
export const lockFileOf = (dockerfile: string): string => `${dockerfile}.lock.json`;

/** Writes the lock file. */
export const lockCommand = (project: string): string => `nx run ${project}:docker-lock`;

/**
 * Reads the lock file of a Dockerfile. Without a file nothing is pinned.
 *
 * @param dockerfile relative to the root
 * @throws PipelineError `BASE_LOCK_INVALID`
 */
export async function readBaseLock(root: string, dockerfile: string): Promise<BaseLock> {
  const file = lockFileOf(dockerfile);
  let text: string;
  try {
    text = await readFile(path.join(root, file), 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw invalid(file, message);
  }
  return parseBaseLock(text, file);
}

/** @throws PipelineError `BASE_LOCK_INVALID` that lists every invalid field */
export function parseBaseLock(text: string, file: string): BaseLock {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, `not valid JSON (${(cause as Error).message})`);
  }
  const parsed = baseLockSchema.safeParse(content);
  if (parsed.success) return parsed.data.bases;
  throw invalid(file, z.prettifyError(parsed.error));
}

function invalid(file: string, problem: string): PipelineError {
  return new PipelineError(
    'BASE_LOCK_INVALID',
    `Cannot use the lock file ${file}: ${problem}\n` +
      'Fix: restore it from Git, or delete it and run docker-lock.',
  );
}

/** The same text for the same base images: sorted, one digest per line. */
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
