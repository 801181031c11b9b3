import { type Metafile } from 'esbuild';
import { type PassResult } from './pass';
import { placelessPath } from './third-party';

/** What a pass has written. */
export interface LinkedOutput {
  readonly text: string;
  /** What of each input is in the text, in bytes; inputs relative to the workspace, none that we generated. */
  readonly inputs: ReadonlyMap<string, number>;
  /** What the text imports and does not hold. */
  readonly external: readonly string[];
}

/**
 * Takes the one output of a pass. esbuild names modules by their place relative to the workspace, also those of packages that are
 * linked from elsewhere: that place goes out of the text, and does not count.
 */
export function linkedOutput({ outputFiles, metafile }: PassResult): LinkedOutput {
  const written = outputFiles[0]?.text ?? '';
  const output = Object.values(metafile.outputs)[0];
  const prefixes = new Set<string>();
  const inputs = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    if (bytesInOutput === 0 || isGenerated(file)) continue;
    const prefix = file.slice(0, file.length - placelessPath(file).length);
    const times = prefix ? written.split(file).length - 1 : 0;
    if (prefix) prefixes.add(prefix);
    inputs.set(file, bytesInOutput - times * prefix.length);
  }
  const text = [...prefixes].reduce((rest, prefix) => rest.replaceAll(prefix, ''), written);
  return { text, inputs, external: externalsOf(output) };
}

const isGenerated = (file: string) => /^(dependency|link):|^dependencies$/.test(file);

const externalsOf = (output?: Metafile['outputs'][string]) =>
  (output?.imports ?? []).filter(({ external }) => external).map(({ path }) => path);
