import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build, transform } from 'esbuild';

export interface CompiledFile {
  /** Relative to the package. */
  readonly path: string;
  readonly text: string;
}

export interface Compiled {
  readonly files: readonly CompiledFile[];
  /** The packages that the code imports. */
  readonly imported: readonly string[];
}

/**
 * JavaScript of the entries, with the workspace's own libraries in it. What several entries share stands in files of its own,
 * so that Nx loads little of it for each command.
 *
 * @param entries TypeScript files, relative to `root`
 * @param inside the names of the packages that become part of the code
 */
export async function compileEntries(
  root: string,
  entries: readonly string[],
  inside: readonly string[],
): Promise<Compiled> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => ({ in: entry, out: entry.replace(/\.ts$/, '') })),
    outdir: '.',
    chunkNames: 'src/[name]-[hash]',
    bundle: true,
    // Only ES modules can share files: what comes out is turned into CommonJS below.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins: [
      {
        name: 'leave-packages',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
            kind === 'entry-point' || inside.includes(packageOf(name))
              ? undefined
              : { path: name, external: true },
          );
        },
      },
    ],
  });
  const files = await Promise.all(
    outputFiles.map(async ({ path: file, text }) => {
      const { code } = await transform(text, { format: 'cjs', platform: 'node', target: 'node20' });
      return { path: path.relative(root, file), text: code };
    }),
  );
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const imported = imports
    .filter(({ external, path: name }) => external === true && !isBuiltin(name))
    .map(({ path: name }) => packageOf(name));
  return { files, imported: [...new Set(imported)].sort() };
}

/** `@scope/name` of `@scope/name/file`. */
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
