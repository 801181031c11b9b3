import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Plugin } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';
import { atThirdParty, type Dependency, identityOf, reExport } from './dependency';
import { link, type LinkContext, type LinkedOutput, tsConfigOf } from './link-pass';
import { isThirdParty, workspacePath } from './third-party';

/** The path from `service/main.js`. */
export const dependenciesModule = '../dependencies/index.js';

/** Links own code, not minified, so that stack traces show readable lines. */
export function linkOwnCode(
  context: LinkContext,
  dependencies: readonly Dependency[],
): Promise<LinkedOutput> {
  const { plan, ownCode, resolved } = context;
  const byIdentity = new Map(dependencies.map((one) => [identityOf(one), one]));
  const redirect = atThirdParty(plan.workspaceRoot, resolved, (reference) => {
    const dependency = byIdentity.get(identityOf(reference));
    if (dependency) return { path: dependency.key, namespace: 'dependency' };
    // Nothing uses the import, and esbuild removes it. It warns if the import was for the effects of a module without any.
    return { path: reference.specifier, namespace: 'unused' };
  });
  return link(context, {
    entryPoints: [plan.main],
    tsconfig: tsConfigOf(plan),
    outfile: 'service/main.js',
    plugins: [...ownCode, redirect, requireDependencies(dependencies)],
  });
}

/** Requires each dependency from the other folder, which evaluates it the first time. */
const requireDependencies = (dependencies: readonly Dependency[]): Plugin => ({
  name: 'require-dependencies',
  setup(build) {
    const byKey = new Map(dependencies.map((one) => [one.key, one]));
    build.onLoad({ filter: /.*/, namespace: 'dependency' }, ({ path: key }) => {
      const dependency = byKey.get(key);
      return dependency && { contents: reExportLenient(dependency, `link:${key}`) };
    });
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: 'module.exports = {};',
    }));
    build.onResolve({ filter: /^link:/, namespace: 'dependency' }, ({ path: specifier }) => ({
      path: specifier.slice('link:'.length),
      namespace: 'link',
    }));
    build.onLoad({ filter: /.*/, namespace: 'link' }, ({ path: key }) => ({
      contents: `module.exports = require("${dependenciesModule}")[${JSON.stringify(key)}]();`,
    }));
    build.onResolve({ filter: /.*/, namespace: 'link' }, ({ path: module }) => ({
      path: module,
      external: true,
    }));
  },
});

/**
 * esbuild looks up each imported name, also in modules that it then removes as unused. It accepts names that are not in
 * `names` if they may come from a CommonJS module.
 */
const reExportLenient = (dependency: Dependency, from: string) =>
  dependency.style === 'require' || dependency.names === 'all'
    ? reExport(dependency, from)
    : `${reExport(dependency, from)} export * from ${JSON.stringify(from)};`;

/** The part of `@swc/core` that is used; the workspace installs it. */
interface Compiler {
  transform(source: string, options: object): Promise<{ code: string }>;
}

/**
 * Emits the types of decorated members as TypeScript does with `emitDecoratorMetadata`; esbuild does not.
 * @throws PipelineError `SWC_MISSING`
 */
export function decoratorMetadata(workspaceRoot: string): Plugin {
  const compiler = loadCompiler(workspaceRoot);
  return {
    name: 'decorator-metadata',
    setup(build) {
      build.onLoad({ filter: /\.[cm]?tsx?$/ }, async ({ path: file }) => {
        if (isThirdParty(workspaceRoot, file)) return undefined;
        const source = await readFile(file, 'utf8');
        if (!/^\s*@\w/m.test(source)) return undefined;
        const settings = swcSettings(workspacePath(workspaceRoot, file));
        const { code } = await compiler.transform(source, settings);
        return { contents: code, loader: 'js' };
      });
    },
  };
}

const swcSettings = (filename: string) => ({
  filename,
  swcrc: false,
  configFile: false,
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true, tsx: filename.endsWith('x') },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'es6' },
});

function loadCompiler(workspaceRoot: string): Compiler {
  try {
    return createRequire(path.join(workspaceRoot, 'package.json'))('@swc/core') as Compiler;
  } catch (cause) {
    throw new PipelineError(
      'SWC_MISSING',
      'Cannot emit decorator metadata: "decoratorMetadata" is set, and @swc/core cannot be loaded.\n' +
        'Fix: install it in the workspace (npm install --save-dev @swc/core),\n' +
        '     or mark each injected parameter with @Inject() and remove "decoratorMetadata".',
      { cause },
    );
  }
}
