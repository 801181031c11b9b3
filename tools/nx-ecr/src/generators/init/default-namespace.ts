import { basename } from 'node:path';
import { readJson, type Tree } from '@nx/devkit';

/** Prefix of repository names: the package scope of the workspace, else its name. */
export function defaultNamespace(tree: Tree): string {
  const name = packageScope(tree) ?? rootName(tree) ?? basename(tree.root);
  const fit = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return fit || 'workspace';
}

/** `acme` of a workspace named `@acme/source`. */
export const packageScope = (tree: Tree): string | undefined =>
  /^@([^/]+)\//.exec(rootName(tree) ?? '')?.[1];

function rootName(tree: Tree): string | undefined {
  if (!tree.exists('package.json')) return undefined;
  return readJson<{ name?: string }>(tree, 'package.json').name;
}
