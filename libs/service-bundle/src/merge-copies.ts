import path from 'node:path';
import { type Plugin } from 'esbuild';
import { isStrict } from './module-mode';
import { packageFolder } from './third-party';

const beingResolved = Symbol('being resolved');

/** Takes every copy of a package from one folder. @param originals from `copiesOfSameVersion` */
export const mergeCopies = (
  workspaceRoot: string,
  originals: ReadonlyMap<string, string>,
): Plugin => ({
  name: 'merge-copies',
  setup(build) {
    if (originals.size === 0) return;
    const names = new Set(
      [...originals.keys()].map((folder) => folder.split('node_modules/').at(-1)),
    );
    const filter = new RegExp(`^(${[...names].join('|').replaceAll('.', '\\.')})(/|$)`);
    build.onResolve({ filter, namespace: 'file' }, async (args) => {
      if (args.pluginData === beingResolved) return undefined;
      const { path: specifier, kind, importer, resolveDir } = args;
      const options = { kind, importer, resolveDir, pluginData: beingResolved };
      const found = await build.resolve(specifier, options);
      if (found.errors.length > 0 || found.external) return undefined;
      const relative = path.relative(workspaceRoot, found.path).split(path.sep).join('/');
      const folder = packageFolder(relative);
      const original = originals.get(folder);
      // A plugin cannot tell esbuild that a file is an ES module by its package: such ones stay where they are.
      if (original === undefined || (await isStrict(found.path))) return undefined;
      const file = path.join(workspaceRoot, original, relative.slice(folder.length));
      return { path: file, sideEffects: found.sideEffects };
    });
  },
});
