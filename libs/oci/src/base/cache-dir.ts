import path from 'node:path';
import { OciError } from '../errors';

/** `$XDG_CACHE_HOME/typerush/oci`, or `~/.cache/typerush/oci`. */
export function defaultCacheDir(env: Readonly<Record<string, string | undefined>>): string {
  if (env['XDG_CACHE_HOME']) return path.join(env['XDG_CACHE_HOME'], 'typerush', 'oci');
  if (env['HOME']) return path.join(env['HOME'], '.cache', 'typerush', 'oci');
  throw new OciError(
    'CACHE_DIR_UNKNOWN',
    'Set XDG_CACHE_HOME: there is no HOME to keep a cache in.',
  );
}
