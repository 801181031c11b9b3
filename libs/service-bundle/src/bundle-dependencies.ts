import { type Plugin } from 'esbuild';
import { type PassResult, runPass, type Workshop } from './pass';
import { reExport } from './re-export';
import { type Dependency } from './reference';

/**
 * Third-party code, as much of it as is used. It knows of our own code only what that uses of which package: whatever else
 * changes there leaves these bytes alone.
 */
export function bundleDependencies(
  workshop: Workshop,
  dependencies: readonly Dependency[],
  { plugins, external }: { plugins: readonly Plugin[]; external: readonly string[] },
): Promise<PassResult> {
  return runPass(workshop, {
    stdin: {
      contents: `module.exports = {\n${dependencies.map(entryOf).join('')}};\n`,
      sourcefile: 'dependencies',
      resolveDir: workshop.plan.workspaceRoot,
    },
    outfile: 'dependencies/index.js',
    plugins: [passOn(dependencies), ...plugins],
    external: [...external],
    // Names that code can see stay. Without this, esbuild names modules by where they were found, which npm may change.
    minify: true,
    // Node prints the line that threw.
    lineLimit: 1_000,
  });
}

const prefix = 'dependency:';

/** esbuild goes by the extension to tell whose rules hold for an import. */
const sourceOf = ({ key, strict }: Dependency) => `${key}${strict ? '.mjs' : '.js'}`;

/** Evaluated when our code first asks for it: in the order that our code has. */
const entryOf = (dependency: Dependency) =>
  `  ${JSON.stringify(dependency.key)}: () => require(${JSON.stringify(prefix + sourceOf(dependency))}),\n`;

const passOn = (dependencies: readonly Dependency[]): Plugin => ({
  name: 'pass-on',
  setup(build) {
    const bySource = new Map(dependencies.map((one) => [sourceOf(one), one]));
    build.onResolve({ filter: /^dependency:/ }, ({ path }) => ({
      path: path.slice(prefix.length),
      namespace: 'dependency',
    }));
    build.onLoad({ filter: /.*/, namespace: 'dependency' }, ({ path }) => {
      const dependency = bySource.get(path);
      const contents = dependency && reExport(dependency, dependency.specifier);
      return contents === undefined ? undefined : { contents, resolveDir: dependency?.from };
    });
  },
});
