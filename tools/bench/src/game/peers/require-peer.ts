import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { programOptions } from '../program-options';

/** A package that the workspace does not have. */
export function requirePeer<T>(name: string): T {
  return peers()(name) as T;
}

/** The same as an ES module: Colyseus's packages import each other so, and must not be loaded twice. */
export async function importPeer<T>(name: string): Promise<T> {
  const file = peers()
    .resolve(name)
    .replace(/\.cjs$/, '.mjs');
  return (await import(pathToFileURL(file).href)) as T;
}

function peers() {
  return createRequire(path.join(programOptions.peers, 'package.json'));
}
