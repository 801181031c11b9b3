import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type ShippedPackages } from './shipped-packages';
import { isStrict, isThirdParty, packageFolder, workspacePath } from './third-party';

/** A file of a package that is shipped as files. */
export interface ShippedFile {
  /** Absolute. */
  readonly source: string;
  /** Relative to the bundle: `dependencies/node_modules/pdfkit/js/pdfkit.js`. */
  readonly file: string;
}

/**
 * The place of a third-party file below `dependencies/`. It keeps the folders of the workspace, since Node searches them upwards.
 * Packages may be linked from outside of the workspace; a bundle must not contain a path of this machine.
 */
export const placeOf = (workspaceRoot: string, file: string): string =>
  workspacePath(workspaceRoot, file).replace(/^(\.\.\/)+(.*?\/)?(?=node_modules\/)/, '');

/** A module of a shipped package that the bundle loads. */
export interface ShippedModule {
  /** Absolute. */
  readonly file: string;
  /** Whether it is an ES module, which Node 20 cannot `require`. */
  readonly isModule: boolean;
}

/** Resolves as Node does for `require`, or for `import` if the package has nothing for `require`. */
export async function resolveShipped(
  specifier: string,
  resolveDir: string,
): Promise<ShippedModule | undefined> {
  let file: string | undefined;
  const plugin: Plugin = {
    name: 'resolve',
    setup(one) {
      one.onStart(async () => {
        for (const kind of ['require-call', 'import-statement'] as const) {
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
  return file === undefined ? undefined : { file, isModule: await isStrict(file) };
}

/** For people and compilers. */
const notLoaded =
  /\.(md|markdown|map|[cm]?tsx?|flow|tsbuildinfo)$|(^|\/)(LICEN[CS]E|CHANGELOG|HISTORY)[^/]*$/i;

/** All files that these modules need at run time, and those of packages that read their own files by a name in their code. */
export async function traceFiles(
  modules: readonly string[],
  shipped: ShippedPackages,
  workspaceRoot: string,
): Promise<readonly ShippedFile[]> {
  // Most services ship no package as files.
  const { nodeFileTrace } = await import('@vercel/nft');
  const base = path.parse(workspaceRoot).root;
  const { fileList } = await nodeFileTrace([...modules], { base, processCwd: workspaceRoot });
  const traced = new Set([...fileList].map((file) => path.join(base, file)));
  for (const [folder, reason] of shipped) {
    if (reason === 'is used by a package that is shipped as files') continue;
    const isNeeded = reason === 'is named in asFiles' ? () => true : await namedBy(folder, traced);
    for (const file of await filesOf(folder)) if (isNeeded(file)) traced.add(file);
  }
  return [...traced]
    .filter((file) => isThirdParty(workspaceRoot, file) && !notLoaded.test(file))
    .sort()
    .map((source) => shippedFile(workspaceRoot, source));
}

export const shippedFile = (workspaceRoot: string, source: string): ShippedFile => ({
  source,
  file: `dependencies/${placeOf(workspaceRoot, source)}`,
});

/** Whether the traced code of a package contains the name of a file, for a path that is only known at run time. */
async function namedBy(folder: string, traced: ReadonlySet<string>) {
  const code = [...traced].filter(
    (file) => packageFolder(file) === folder && /\.[cm]?js$/.test(file),
  );
  const text = (await Promise.all(code.map((file) => readFile(file, 'utf8')))).join('\n');
  return (file: string) => {
    const name = path.basename(file);
    return !/\.[cm]?js$/.test(name) && name.includes('.') && text.includes(name);
  };
}

/** The files of a package, absolute. */
export async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => packageFolder(file) === folder);
}

/** The packages of these files. A link of pnpm belongs to the package that it points to. */
export async function packagesOf(files: readonly ShippedFile[]): Promise<ReadonlySet<string>> {
  const folders = new Set<string>();
  for (const { source } of files) {
    const isLink = (await lstat(source)).isSymbolicLink();
    folders.add(packageFolder(isLink ? await realpath(source) : source));
  }
  return folders;
}
