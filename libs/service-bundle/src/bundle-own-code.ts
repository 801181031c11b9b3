import { type Plugin } from 'esbuild';
import { atThirdParty } from './at-third-party';
import { type PassResult, runPass, type Workshop } from './pass';
import { reExport } from './re-export';
import { type Dependency, identityOf } from './reference';

/** From `service/main.js`. */
export const dependenciesModule = '../dependencies/index.js';

/** Our own code, not minified: a stack trace leads to a line that can be read. */
export function bundleOwnCode(
  workshop: Workshop,
  dependencies: readonly Dependency[],
): Promise<PassResult> {
  const { plan, ownCode } = workshop;
  const byIdentity = new Map(dependencies.map((one) => [identityOf(one), one]));
  const takeOver = atThirdParty(plan.workspaceRoot, (reference) => {
    const dependency = byIdentity.get(identityOf(reference));
    if (dependency) return { path: dependency.key, namespace: 'dependency' };
    // Nothing uses what refers to it, which goes with it.
    return { path: reference.specifier, external: true };
  });
  return runPass(workshop, {
    entryPoints: [plan.main],
    outfile: 'service/main.js',
    plugins: [...ownCode, takeOver, link(dependencies)],
  });
}

/** Takes each dependency from the other folder, where it is evaluated the first time. */
const link = (dependencies: readonly Dependency[]): Plugin => ({
  name: 'link',
  setup(build) {
    const byKey = new Map(dependencies.map((one) => [one.key, one]));
    build.onLoad({ filter: /.*/, namespace: 'dependency' }, ({ path }) => {
      const dependency = byKey.get(path);
      return dependency && { contents: reExport(dependency, `link:${path}`) };
    });
    build.onResolve({ filter: /^link:/, namespace: 'dependency' }, ({ path }) => ({
      path: path.slice('link:'.length),
      namespace: 'link',
    }));
    build.onLoad({ filter: /.*/, namespace: 'link' }, ({ path }) => ({
      contents: `module.exports = require("${dependenciesModule}")[${JSON.stringify(path)}]();`,
    }));
    build.onResolve({ filter: /.*/, namespace: 'link' }, ({ path }) => ({ path, external: true }));
  },
});
