import { basename } from 'node:path';
import { readJson, type Tree } from '@nx/devkit';

/** What the names of repositories start with: the scope of the workspace's packages, else its name. */
export function defaultNamespace(tree: Tree): string {
  const name = packageScope(tree) ?? rootName(tree) ?? basename(tree.root);
  const fit = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return fit || 'workspace';
}

/** `acme` of a workspace that is called `@acme/source`. */
export const packageScope = (tree: Tree): string | undefined =>
  /^@([^/]+)\//.exec(rootName(tree) ?? '')?.[1];

function rootName(tree: Tree): string | undefined {
  if (!tree.exists('package.json')) return undefined;
  return readJson<{ name?: string }>(tree, 'package.json').name;
}
