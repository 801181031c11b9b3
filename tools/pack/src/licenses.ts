import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Metafile } from 'esbuild';

/** The files of which esbuild has used something. */
export const inputsOf = ({ outputs }: Metafile): readonly string[] =>
  Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));

/**
 * The licence of each package that is part of compiled code, in the order of their names.
 * @param inputs the files of the code, relative to `root`
 */
export async function licensesOf(root: string, inputs: readonly string[]): Promise<string> {
  const folders = new Set(
    inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  const texts = await Promise.all([...folders].map((folder) => licenseIn(path.join(root, folder))));
  return `${[...new Set(texts)].sort().join('\n\n')}\n`;
}

async function licenseIn(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(
    await readFile(path.join(folder, 'package.json'), 'utf8'),
  ) as { readonly name: string; readonly version: string; readonly license?: string };
  const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.|$)|^copying/i.test(each));
  const text = file && (await readFile(path.join(folder, file), 'utf8')).trim();
  return `${name} ${version}: ${license ?? 'see its text'}${text ? `\n\n${text}` : ''}`;
}
