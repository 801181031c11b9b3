import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { type Compiled, type CompiledFile } from './compile-entries';
import { type PackageDefinition } from './package-definition';
import { inputsOf, licensesOf } from './licenses';
import { declarationOf } from './published-manifest';

/**
 * Bundles a program with all packages that it imports into one file that can also be required, so that its package has no
 * dependencies. The licences of these packages are in a file beside it.
 *
 * @param root the folder of the package
 * @param program the entry, and the name of the file
 */
export async function bundleProgram(
  root: string,
  { entry, file, licenses, types }: NonNullable<PackageDefinition['program']>,
): Promise<Compiled> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    // Names stay: in stack traces, and without `keepNames`, which takes a tenth of the time to load.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    banner: { js: '#!/usr/bin/env node' },
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins: [
      {
        name: 'leave-out-tables',
        setup({ onLoad }) {
          const nothing = () => ({ contents: '' });
          // Messages in fifty languages, and encodings of East Asia: no request uses either.
          onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, nothing);
          onLoad({ filter: /[\\/]iconv-lite[\\/]encodings[\\/]dbcs-data\.js$/ }, nothing);
        },
      },
    ],
  });
  return {
    files: [
      { path: file, text: outputFiles[0]?.text ?? '' },
      { path: licenses, text: await licensesOf(root, inputsOf(metafile)) },
      ...(await Promise.all(types.map((each) => declarations(root, each)))),
    ],
    imported: [],
    inputs: [],
  };
}

/** Needs no type check, because the exports state their types. */
async function declarations(root: string, file: string): Promise<CompiledFile> {
  const { transpileDeclaration } = await import('typescript');
  const fileName = path.join(root, file);
  const { outputText, diagnostics = [] } = transpileDeclaration(await readFile(fileName, 'utf8'), {
    fileName,
    reportDiagnostics: true,
    compilerOptions: { isolatedDeclarations: true, declaration: true },
  });
  const [problem] = diagnostics;
  if (problem) throw new Error(`Cannot declare ${file}: ${JSON.stringify(problem.messageText)}`);
  return { path: declarationOf(file), text: outputText };
}
