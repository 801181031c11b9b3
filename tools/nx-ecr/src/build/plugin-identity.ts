import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { name, version } from '../../package.json';

let known: Promise<string> | undefined;

/**
 * The version of this plugin; where it runs from its sources, which change within a version, their content too: an image
 * that other code has built is not to be taken out of a cache.
 */
export const pluginIdentity = (): Promise<string> => (known ??= identify());

async function identify(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of [packageFolder(name), packageFolder('@typerush/oci')]) {
    for (const file of folder ? await sources(path.join(folder, 'src')) : []) {
      hash.update(path.basename(file)).update(await readFile(file));
    }
  }
  return `${name}@${version}+${hash.digest('hex')}`;
}

/** undefined for a package that is part of this one. */
function packageFolder(packageName: string): string | undefined {
  try {
    return path.dirname(require.resolve(`${packageName}/package.json`));
  } catch {
    return undefined;
  }
}

/** None in a packed plugin, whose version tells all. */
async function sources(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map((file) => path.join(folder, file));
}
