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
  if (!__filename.endsWith('.ts')) return `${name}@${version}`;
  const hash = createHash('sha256');
  for (const folder of sourceFolders()) {
    for (const file of await sources(folder))
      hash.update(file).update(await readFile(path.join(folder, file)));
  }
  return `${name}@${version}+${hash.digest('hex')}`;
}

/** This package, and the one that assembles images. */
const sourceFolders = () => [
  path.join(__dirname, '..'),
  path.dirname(require.resolve('@typerush/oci')),
];

async function sources(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).sort();
}
