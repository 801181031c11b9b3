import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type LinkedOutput, linkedOutput } from './linked-output';
import { type PassResult } from './pass';

const keptSchema = z.object({
  key: z.string(),
  /** Time of change and size of each file that it was made of. */
  states: z.record(z.string(), z.string()),
  text: z.string(),
  inputs: z.array(z.tuple([z.string(), z.number()])),
  external: z.array(z.string()),
});

type Kept = z.infer<typeof keptSchema>;

export interface Keeping {
  readonly workspaceRoot: string;
  /** Whose output it is: one is kept for each. */
  readonly name: string;
  /** All that decides about the output besides files. */
  readonly key: unknown;
  /** What else decides about it than the files that the pass reads, relative to the workspace; need not be there. */
  readonly files: readonly string[];
}

/** What a pass gives, or what it gave the last time where nothing has changed that it is made of. */
export async function keptOutput(
  { workspaceRoot, name, key, files }: Keeping,
  pass: () => Promise<PassResult>,
): Promise<LinkedOutput> {
  const file = path.join(
    workspaceRoot,
    'node_modules/.cache/typerush-nx-ecr',
    `pass-${hash(name)}.json`,
  );
  const wanted = hash(JSON.stringify(key));
  const kept = await read(file);
  if (kept?.key === wanted && (await isUnchanged(workspaceRoot, kept))) {
    return { text: kept.text, inputs: new Map(kept.inputs), external: kept.external };
  }
  const result = await pass();
  const output = linkedOutput(result);
  const sources = Object.keys(result.metafile.inputs).filter((input) => !/^[\w-]+:/.test(input));
  await write(file, {
    key: wanted,
    states: await statesOf(workspaceRoot, [...files, ...sources]),
    text: output.text,
    inputs: [...output.inputs],
    external: [...output.external],
  });
  return output;
}

async function isUnchanged(workspaceRoot: string, { states }: Kept): Promise<boolean> {
  const now = await statesOf(workspaceRoot, Object.keys(states));
  return Object.entries(states).every(([file, state]) => now[file] === state);
}

async function statesOf(
  workspaceRoot: string,
  files: readonly string[],
): Promise<Record<string, string>> {
  const states = files.map(async (file) => {
    const found = await stat(path.join(workspaceRoot, file)).catch(() => undefined);
    return [file, found ? `${found.mtimeMs} ${found.size}` : ''] as const;
  });
  return Object.fromEntries(await Promise.all(states));
}

/** undefined if there is none, or a damaged one: then the pass is run. */
async function read(file: string): Promise<Kept | undefined> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Where nothing can be written, each run passes for itself. */
async function write(file: string, kept: Kept): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(draft, JSON.stringify(kept));
    await rename(draft, file);
  } catch {
    await rm(draft, { force: true });
  }
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
