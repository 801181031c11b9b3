import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** What is read of `bundle.json`. */
const bundleSchema = z.looseObject({
  packages: z.array(z.looseObject({ name: z.string(), version: z.string() })),
});

/** The packages of a bundle, `name@version` each; undefined where nothing tells. */
export async function readBundledPackages(file: string): Promise<string[] | undefined> {
  try {
    const { packages } = bundleSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return packages.map(({ name, version }) => `${name}@${version}`);
  } catch {
    return undefined;
  }
}
