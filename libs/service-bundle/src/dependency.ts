import {
  type OnResolveArgs,
  type OnResolveResult,
  type Plugin,
  type PluginBuild,
  type ResolveResult,
} from 'esbuild';
import { isNested, isStrict, isThirdParty, resolveImport } from './third-party';

/** How own code refers to a third-party module; references that mean the same are one. */
export interface Reference {
  /** As in the source: `express`, `@nestjs/core`, `zod/mini`. */
  readonly specifier: string;
  readonly style: 'import' | 'require';
  /** Whether the importer is an ES module for Node; see `isStrict`. */
  readonly strict: boolean;
  /** The file that it resolves to, absolute. */
  readonly file: string;
  /** The folder that it is resolved from, absolute. */
  readonly from: string;
}

/** A third-party module that own code uses. */
export interface Dependency extends Reference {
  /** Identifies it on both sides of the bundle. */
  readonly key: string;
  /** The names of the exports that are used. */
  readonly names: ReadonlySet<string> | 'all';
}

/** Equal for references that one module of the bundle can serve. */
export const identityOf = ({ file, style, strict }: Reference): string =>
  JSON.stringify([file, style, strict]);

/**
 * A module that re-exports the used names of a dependency. Both sides of a bundle contain one for each dependency: that in
 * `dependencies/` re-exports the package, that in `service/` re-exports the one in `dependencies/`.
 */
export function reExport({ style, names }: Dependency, from: string): string {
  const source = JSON.stringify(from);
  if (style === 'require') return `module.exports = require(${source});`;
  if (names === 'all') {
    return `export * from ${source}; import * as all from ${source}; export default all.default;`;
  }
  if (names.size === 0) return `import ${source};`;
  const list = [...names].sort().map((name) => JSON.stringify(name));
  return `export { ${list.join(', ')} } from ${source};`;
}

/**
 * What the imports of own code resolve to, by specifier, importer and kind; undefined if it is left to esbuild. All passes over
 * own code share it: esbuild reads the folders again for each resolution that a plugin requests.
 */
export type ResolvedImports = Map<string, Promise<ResolveResult | undefined>>;

/**
 * Resolves the references of own code to third-party code with `resolve`. Node's modules, externals and what cannot be resolved
 * are left to esbuild.
 */
export const atThirdParty = (
  workspaceRoot: string,
  resolved: ResolvedImports,
  resolve: (reference: Reference) => OnResolveResult,
): Plugin => ({
  name: 'at-third-party',
  setup(build) {
    build.onResolve({ filter: /^[^./]|node_modules/ }, async (args) => {
      const found = isImport(args) ? await resolveOnce(resolved, build, args) : undefined;
      if (!found || !isThirdParty(workspaceRoot, found.path)) return undefined;
      const style = args.kind === 'require-call' ? 'require' : 'import';
      const reference: Reference = {
        specifier: args.path,
        style,
        strict: style === 'import' && (await isStrict(args.importer)),
        file: found.path,
        from: args.resolveDir,
      };
      return { ...resolve(reference), sideEffects: found.sideEffects };
    });
  },
});

function resolveOnce(resolved: ResolvedImports, build: PluginBuild, args: OnResolveArgs) {
  if (isNested(args)) return undefined;
  const key = JSON.stringify([args.path, args.importer, args.kind]);
  let found = resolved.get(key);
  if (!found) resolved.set(key, (found = resolveImport(build, args)));
  return found;
}

const isImport = ({ namespace, kind }: OnResolveArgs) =>
  namespace === 'file' && ['import-statement', 'dynamic-import', 'require-call'].includes(kind);
