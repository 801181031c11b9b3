import path from 'node:path';
import { build } from 'esbuild';

/**
 * Compiles programs to JavaScript as a service's bundle is, with the workspace's libraries in them: run from source, each
 * function would be wrapped to keep its name. @returns their files, by their sources
 */
export async function compile(
  workspaceRoot: string,
  sources: readonly string[],
  outputFolder: string,
): Promise<Map<string, string>> {
  const files = new Map(
    sources.map((source) => [source, path.join(outputFolder, source.replace(/\.ts$/, '.cjs'))]),
  );
  await build({
    absWorkingDir: workspaceRoot,
    entryPoints: [...files.keys()],
    outbase: workspaceRoot,
    outdir: outputFolder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
    plugins: [
      {
        name: 'packages-stay-outside',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
            kind === 'entry-point' || name.startsWith('@typerush/')
              ? undefined
              : { path: name, external: true },
          );
        },
      },
    ],
  });
  return files;
}
