import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Plugin } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';
import { isThirdParty } from './third-party';

/** The part of `@swc/core` that is used; the workspace brings it. */
interface Compiler {
  transform(source: string, options: object): Promise<{ code: string }>;
}

/** Writes the types of decorated members down as TypeScript does (`emitDecoratorMetadata`), which esbuild does not. @throws PipelineError `SWC_MISSING` */
export function decoratorMetadata(workspaceRoot: string): Plugin {
  const compiler = loadCompiler(workspaceRoot);
  return {
    name: 'decorator-metadata',
    setup(build) {
      build.onLoad({ filter: /\.[cm]?tsx?$/ }, async ({ path: file }) => {
        if (isThirdParty(workspaceRoot, file)) return undefined;
        const source = await readFile(file, 'utf8');
        if (!/^\s*@\w/m.test(source)) return undefined;
        const filename = path.relative(workspaceRoot, file);
        const { code } = await compiler.transform(source, settings(filename));
        return { contents: code, loader: 'js' };
      });
    },
  };
}

const settings = (filename: string) => ({
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
      '"decoratorMetadata" needs @swc/core: install it in the workspace (npm install --save-dev @swc/core), or name what is injected with @Inject().',
      { cause },
    );
  }
}
