/**
 * What the names of repositories start with, up to their last slash; a name without one is its own prefix. Event patterns
 * and policies take these rather than the names: a pattern has at most 2,048 characters, and a hundred names do not fit.
 */
export function repositoryPrefixes(repositoryNames: readonly string[]): string[] {
  const prefixes = repositoryNames.map((name) => name.slice(0, name.lastIndexOf('/') + 1) || name);
  return [...new Set(prefixes)].sort();
}
