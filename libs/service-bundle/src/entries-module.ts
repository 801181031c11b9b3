import { type Plugin } from 'esbuild';
import { type Dependency, reExport } from './dependency';
import { resolveImport } from './third-party';

/** A dependency, and the path of its ES module if that is shipped as a file. */
export interface Entry {
  readonly dependency: Dependency;
  readonly module?: string;
}

/** Own code awaits it before it requires ES modules. */
export const loadKey = '#load';

/** Marks the path of a module that is shipped as a file. */
export const shippedPrefix = 'shipped:';

/** Each is evaluated when own code first requires it, so that the order is that of own code. */
export function entriesModule(entries: readonly Entry[]): string {
  const modules = entries.filter(({ module }) => module !== undefined);
  const lines = entries.map(({ dependency, module }) => {
    const key = JSON.stringify(dependency.key);
    const source = JSON.stringify(prefix + sourceOf(dependency));
    return module === undefined
      ? `  ${key}: () => require(${source}),\n`
      : `  ${key}: () => loaded[${key}],\n`;
  });
  if (modules.length === 0) return `module.exports = {\n${lines.join('')}};\n`;
  const loads = modules.map(
    ({ dependency, module }) =>
      `    import(${JSON.stringify(shippedPrefix + module)}).then((all) => { loaded[${JSON.stringify(dependency.key)}] = asRequired(all); }),\n`,
  );
  return [
    'const loaded = {};',
    'const asRequired = (all) => {',
    "  const exported = Object.defineProperty({}, '__esModule', { value: true });",
    '  for (const name of Object.keys(all)) Object.defineProperty(exported, name, { enumerable: true, get: () => all[name] });',
    '  return exported;',
    '};',
    `module.exports = {\n${lines.join('')}  "${loadKey}": () => Promise.all([\n${loads.join('')}  ]),\n};`,
    '',
  ].join('\n');
}

const prefix = 'dependency:';

/** esbuild selects the rules of an import by the extension of its file. */
const sourceOf = ({ key, strict }: Dependency) => `${key}${strict ? '.mjs' : '.js'}`;

/** Serves the modules of the entries. */
export const reExportPackages = (dependencies: readonly Dependency[]): Plugin => ({
  name: 're-export-packages',
  setup(build) {
    const bySource = new Map(dependencies.map((one) => [sourceOf(one), one]));
    build.onResolve({ filter: /^dependency:/ }, ({ path }) => ({
      path: path.slice(prefix.length),
      namespace: 'dependency',
    }));
    build.onLoad({ filter: /.*/, namespace: 'dependency' }, ({ path }) => {
      const found = bySource.get(path);
      return found && { contents: reExport(found, found.specifier), resolveDir: found.from };
    });
    // A path alias of the workspace is not known here.
    build.onResolve({ filter: /.*/, namespace: 'dependency' }, async (args) => {
      const found = await resolveImport(build, args);
      const target = bySource.get(args.importer)?.file;
      return found || args.pluginData !== undefined || target === undefined
        ? undefined
        : { path: target };
    });
  },
});
