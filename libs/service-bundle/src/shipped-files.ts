import { existsSync } from 'node:fs';
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

/**
 * Resolves as Node does: an `import` of an ES module by the condition "import", everything else by "require" if the package has
 * something for it.
 */
export async function resolveShipped(
  specifier: string,
  resolveDir: string,
  isImport: boolean,
): Promise<ShippedModule | undefined> {
  const kinds = ['require-call', 'import-statement'] as const;
  let file: string | undefined;
  const plugin: Plugin = {
    name: 'resolve',
    setup(one) {
      one.onStart(async () => {
        for (const kind of isImport ? [...kinds].reverse() : kinds) {
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
const notLoaded = /\.(md|markdown|map|[cm]?tsx?|flow|tsbuildinfo)$/i;

const isData = (file: string) =>
  !/\.([cm]?js|json|node)$|(^|[\\/])[^.]+$/.test(file) && !notLoaded.test(file);

/** Tests and examples that a package publishes. They have the names of its modules (`test/pkg/index.js`), but are not used. */
const isForDevelopers = (file: string) =>
  /(^|[\\/])(__tests__|__mocks__|__snapshots__|tests?|specs?|examples?|bench(marks?)?)[\\/]/.test(
    file,
  ) || /\.(test|spec)\.[cm]?js$/.test(file);

/** All files that these modules need at run time, and those of packages that read their own files by a name in their code. */
export async function traceFiles(
  modules: readonly string[],
  shipped: ShippedPackages,
  workspaceRoot: string,
  { leftOut, cache }: { readonly leftOut: ReadonlySet<string>; readonly cache: object },
): Promise<readonly ShippedFile[]> {
  // Most services ship no package as files.
  const { nodeFileTrace } = await import('@vercel/nft');
  const base = path.parse(workspaceRoot).root;
  const traced = new Set<string>();
  // Since Node 20.19, the second condition is before "require".
  for (const conditions of [['node'], ['node', 'module-sync']]) {
    const ignore = (file: string) => leftOut.has(packageFolder(path.join(base, file)));
    const options = { base, processCwd: workspaceRoot, conditions, cache, ignore };
    const { fileList } = await nodeFileTrace([...modules], options);
    for (const file of fileList) traced.add(path.join(base, file));
  }
  for (const folder of new Set([...traced].filter(isData).map((file) => path.dirname(file)))) {
    // A data file may name others, as a font names its images.
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isFile() && isData(entry.name)) traced.add(path.join(folder, entry.name));
    }
  }
  for (const [folder, reason] of shipped) {
    if (reason === 'is used by a package that is shipped as files') continue;
    const isNeeded = reason === 'is named in asFiles' ? () => true : await namedBy(folder, traced);
    for (const file of await filesOf(folder)) {
      if (!isForDevelopers(path.relative(folder, file)) && isNeeded(file)) traced.add(file);
    }
  }
  // Node reads the type and the entry module of a package there; a folder in it may have one too.
  for (const file of [...traced].filter((each) => isThirdParty(workspaceRoot, each))) {
    for (
      let at = path.dirname(file);
      at.length >= packageFolder(file).length;
      at = path.dirname(at)
    ) {
      const manifest = path.join(at, 'package.json');
      if (existsSync(manifest)) traced.add(manifest);
    }
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
    (file) => packageFolder(file) === folder && /(\.[cm]?js|[\\/][^.\\/]+)$/.test(file),
  );
  const text = (await Promise.all(code.map((file) => readFile(file, 'utf8')))).join('\n');
  const isQuoted = (name: string) =>
    [`'${name}'`, `"${name}"`, `/${name}"`, `/${name}'`].some((each) => text.includes(each));
  return (file: string) => {
    const { name, ext, base } = path.parse(file);
    if (/^\.[cm]?js$/.test(ext)) return text.includes(`/${name}`) || isQuoted(base);
    return ext === '' ? isQuoted(base) : text.includes(base);
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
