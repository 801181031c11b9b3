import { build, type Plugin } from 'esbuild';
import { isPlugAndPlay, resolvedByYarn } from './plug-and-play';
import { isStrict } from './third-party';

/** A module of a shipped package that the bundle loads. */
export interface ShippedModule {
  /** Absolute. */
  readonly file: string;
  /** Whether it is an ES module, which Node 20 cannot `require`. */
  readonly isModule: boolean;
}

/**
 * Resolves as Node does: an `import` of an ES module by the condition "import", everything else by "require" if the package has
 * something for it.
 */
export async function resolveShipped(
  specifier: string,
  resolveDir: string,
  isImport: boolean,
): Promise<ShippedModule | undefined> {
  const all = ['require-call', 'import-statement'] as const;
  const kinds = isImport ? [...all].reverse() : all;
  const file = isPlugAndPlay(resolveDir)
    ? resolveByYarn(specifier, resolveDir, kinds)
    : await resolveByEsbuild(specifier, resolveDir, kinds);
  return file === undefined ? undefined : { file, isModule: await isStrict(file) };
}

type Kind = 'require-call' | 'import-statement';

/** For each resolution, esbuild would parse the file in which Yarn lists all packages. */
function resolveByYarn(
  specifier: string,
  resolveDir: string,
  kinds: readonly Kind[],
): string | undefined {
  for (const kind of kinds) {
    const condition = kind === 'require-call' ? 'require' : 'import';
    const file = resolvedByYarn(specifier, `${resolveDir}/`, ['node', condition]);
    if (file !== undefined) return file;
  }
  return undefined;
}

async function resolveByEsbuild(
  specifier: string,
  resolveDir: string,
  kinds: readonly Kind[],
): Promise<string | undefined> {
  let file: string | undefined;
  const plugin: Plugin = {
    name: 'resolve',
    setup(one) {
      one.onStart(async () => {
        for (const kind of kinds) {
          file ??= (await one.resolve(specifier, { kind, resolveDir })).path || undefined;
        }
      });
    },
  };
  await build({
    stdin: { contents: '' },
    platform: 'node',
    // Without the condition "module" of bundlers, which Node does not have.
    conditions: [],
    mainFields: ['main'],
    tsconfigRaw: '{}',
    bundle: true,
    write: false,
    logLevel: 'silent',
    plugins: [plugin],
  });
  return file;
}
