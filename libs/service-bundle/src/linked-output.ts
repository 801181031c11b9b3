import { type PassResult } from './pass';

/** What a pass has written. */
export interface LinkedOutput {
  readonly text: string;
  /** What of each input is in the text, in bytes; inputs relative to the workspace, none that we generated. */
  readonly inputs: ReadonlyMap<string, number>;
  /** What the text imports and does not hold. */
  readonly external: readonly string[];
}

/** Takes the one output of a pass. */
export function linkedOutput({ outputFiles, metafile }: PassResult): LinkedOutput {
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {})
    .map(([file, { bytesInOutput }]) => [file, bytesInOutput] as const)
    .filter(([file, bytes]) => bytes > 0 && !isGenerated(file));
  const imports = (output?.imports ?? []).filter(({ external }) => external);
  return {
    text: outputFiles[0]?.text ?? '',
    inputs: new Map(inputs),
    external: imports.map(({ path }) => path),
  };
}

const isGenerated = (file: string) => /^(dependency|link):|^dependencies$/.test(file);
