import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type OnResolveArgs, type PluginBuild, type ResolveResult } from 'esbuild';

/** The path from the workspace to a file, with slashes on every platform. */
export const workspacePath = (workspaceRoot: string, file: string): string =>
  path.relative(workspaceRoot, file).split(path.sep).join('/');

/** Third-party code is what was installed; own code is the rest, workspace libraries included. */
export const isThirdParty = (workspaceRoot: string, file: string): boolean =>
  /(^|\/)node_modules\//.test(workspacePath(workspaceRoot, file));

/** The folder of the package that a third-party file belongs to: `.../node_modules/@scope/name`. */
export function packageFolder(file: string): string {
  const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file.split(path.sep).join('/')) ?? [
    file,
  ];
  return folder;
}

/** `@scope/name` of the folder `.../node_modules/@scope/name`. */
export const nameOfFolder = (folder: string): string =>
  folder.split('node_modules/').at(-1) ?? folder;

/** `@scope/name` of `@scope/name/some/module.js`. */
export const packageName = (specifier: string): string =>
  /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;

/** Matches the specifiers of all modules of these packages. */
export const modulesOf = (packages: Iterable<string>): RegExp =>
  new RegExp(`^(${[...packages].join('|').replaceAll('.', '\\.')})(/|$)`);

/** The parsed package.json of a folder; undefined if there is none. */
export async function readManifest(folder: string): Promise<unknown> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/**
 * Whether a file is an ES module by its name or its package. There, the default import of a CommonJS module is
 * `module.exports`, as in Node; elsewhere it is `exports.default` if the module was compiled from an ES module, as in Babel and
 * TypeScript.
 */
export async function isStrict(file: string): Promise<boolean> {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  return isModulePackage(path.dirname(file));
}

async function isModulePackage(folder: string): Promise<boolean> {
  const manifest = (await readManifest(folder)) as { type?: string } | undefined;
  if (manifest) return manifest.type === 'module';
  const parent = path.dirname(folder);
  return parent !== folder && isModulePackage(parent);
}

const nested = Symbol('nested resolution');

/** Whether `resolveImport` asks. */
export const isNested = ({ pluginData }: Pick<OnResolveArgs, 'pluginData'>): boolean =>
  pluginData === nested;

/**
 * Resolves an import for a plugin as esbuild does without it. Undefined if that fails, if the import is external, and if this
 * function itself asks the plugin.
 */
export async function resolveImport(
  build: PluginBuild,
  args: OnResolveArgs,
): Promise<ResolveResult | undefined> {
  if (isNested(args)) return undefined;
  const { path: specifier, kind, importer, namespace, resolveDir } = args;
  const options = { kind, importer, namespace, resolveDir, pluginData: nested };
  const found = await build.resolve(specifier, options);
  return found.errors.length > 0 || found.external ? undefined : found;
}
