import path from 'node:path';
import { bytesOf, type FileSource, followLinks, textOf } from './file-source';
import { globPattern, hasWildcards } from './path-pattern';

/**
 * The sources that a pattern of COPY matches, sorted; the path itself if it is not a pattern.
 * @throws PatternError
 */
export async function resolveSources(source: FileSource, pattern: string): Promise<string[]> {
  if (!hasWildcards(pattern)) return [bytesOf(pattern)];
  const names = pattern.split('/').filter(Boolean);
  const first = names.findIndex(hasWildcards);
  const folder = await followLinks(source, bytesOf(`/${names.slice(0, first).join('/')}`));
  const rest = names.slice(first);
  const matcher = globPattern(rest.join('/'));
  const found: string[] = [];
  const walk = async (at: string, relative: readonly string[]): Promise<void> => {
    for (const name of await source.list(at)) {
      const inner = [...relative, name];
      const target = path.posix.join(at, name);
      if (matcher.test(textOf(inner.join('/')))) found.push(target);
      else if (inner.length < rest.length && (await source.entry(target))?.type === 'folder') {
        await walk(target, inner);
      }
    }
  };
  if ((await source.entry(folder))?.type === 'folder') await walk(folder, []);
  return found;
}
