import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildFailure } from 'esbuild';
import { z } from 'zod';
import { isThirdParty, packageFolder, packageName } from './third-party';

const names = z.record(z.string(), z.unknown()).default({});
const packageSchema = z.looseObject({
  optionalDependencies: names,
  peerDependenciesMeta: z
    .record(z.string(), z.looseObject({ optional: z.boolean().default(false) }))
    .default({}),
});

/**
 * Packages that are not installed and that those who name them can do without, by their own package.json: to be left out, so
 * that naming them fails at run time as it does where nothing is bundled.
 *
 * @returns undefined if anything else is wrong too
 */
export async function missingOptionals(
  { errors }: BuildFailure,
  workspaceRoot: string,
): Promise<readonly string[] | undefined> {
  const missing = new Set<string>();
  for (const { text, location } of errors) {
    const specifier = /^Could not resolve "([^"]+)"$/.exec(text)?.[1];
    const file = path.resolve(workspaceRoot, location?.file ?? '.');
    if (!specifier || !isThirdParty(workspaceRoot, file)) return undefined;
    const name = packageName(specifier);
    if (!(await isOptional(name, packageFolder(file)))) return undefined;
    missing.add(name);
  }
  return [...missing].sort();
}

async function isOptional(name: string, folder: string): Promise<boolean> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const { optionalDependencies, peerDependenciesMeta } = packageSchema.parse(JSON.parse(text));
  return name in optionalDependencies || peerDependenciesMeta[name]?.optional === true;
}
