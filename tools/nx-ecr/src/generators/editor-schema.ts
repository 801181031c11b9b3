import { relative, sep } from 'node:path';
import { joinPathFragments, offsetFromRoot, type Tree } from '@nx/devkit';
import { name as packageName } from '../../package.json';
import { editorSchemaFolder } from './own-files';

/** The `$schema` of a file in `folder`, from which editors validate and complete it. */
export function editorSchema(tree: Tree, folder: string, schema: string): string {
  const inWorkspace = relative(tree.root, editorSchemaFolder()).split(sep).join('/');
  // The real path of an installed package may be in a store and contain its version.
  const installed = inWorkspace.startsWith('..') || inWorkspace.includes('node_modules');
  const from = installed ? `node_modules/${packageName}/schema` : inWorkspace;
  const offset = folder === '.' ? './' : offsetFromRoot(folder);
  return `${offset}${joinPathFragments(from, schema)}`;
}
