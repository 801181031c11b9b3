import { relative, sep } from 'node:path';
import { joinPathFragments, offsetFromRoot, type Tree } from '@nx/devkit';
import { name as packageName } from '../../package.json';
import { editorSchemaFolder } from './own-files';

/** What a file in `folder` writes for `$schema`, so that an editor checks it and completes it. */
export function editorSchema(tree: Tree, folder: string, schema: string): string {
  const inWorkspace = relative(tree.root, editorSchemaFolder()).split(sep).join('/');
  // Where the package is installed its real place may be a store, which the next version leaves.
  const installed = inWorkspace.startsWith('..') || inWorkspace.includes('node_modules');
  const from = installed ? `node_modules/${packageName}/schema` : inWorkspace;
  const offset = folder === '.' ? './' : offsetFromRoot(folder);
  return `${offset}${joinPathFragments(from, schema)}`;
}
