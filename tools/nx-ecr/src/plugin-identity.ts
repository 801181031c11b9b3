import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { name, version } from '../package.json';

let known: Promise<string> | undefined;

/**
 * Identifies the code of this plugin, which changes within a version: an image that other code built must not be restored
 * from a cache.
 */
export const pluginIdentity = (): Promise<string> => (known ??= identify());

async function identify(): Promise<string> {
  const folder = path.dirname(require.resolve(name));
  const files = await readdir(folder, { recursive: true });
  const hash = createHash('sha256');
  for (const file of files.filter((each) => each.endsWith('.js')).sort()) {
    hash.update(file).update(await readFile(path.join(folder, file)));
  }
  return `${name}@${version}+${hash.digest('hex')}`;
}
