import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { findFileUse, literalsAmong, type Trait } from './file-use';
import { type BundlePlan } from './bundle-plan';
import { type DevelopmentOptionals } from './optional-packages';
import { installedByYarn, isPlugAndPlay } from './plug-and-play';
import { declaredOf, optionalsOf, readDeclared } from './package-lock';
import { isThirdParty, nameOfFolder, packageFolder } from './third-party';

/** Why a package is shipped as files. The text is printed after its name. */
export type ShippingReason =
  | Trait
  | 'waits at its top level'
  | 'imports an ES module that is shipped as files'
  | 'is named in asFiles'
  | typeof loadedByName
  | 'is used by a package that is shipped as files'
  | 'has a native addon';

/** Such packages need not be where the package is that loads them. */
export const loadedByName = 'is loaded by name at run time';

/** By the folder of the package, absolute. */
export type ShippedPackages = ReadonlyMap<string, ShippingReason>;

/** The ways to load an addon; esbuild reports a literal path itself. */
const loadsAddon = new RegExp(
  [
    String.raw`(\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"](bindings|node-gyp-build|@mapbox/node-pre-gyp)['"]`,
    String.raw`\bprocess\.dlopen\b`,
    String.raw`\brequire\((?!\s*['"])[^)'"${'`'}]*[${'`'}'"][^'"${'`'}\n]*\.node['"${'`'}]`,
  ].join('|'),
);

/**
 * The packages that would not work in a bundle, by what their modules do.
 *
 * @param modules the modules in the bundle, absolute
 * @param ownCode the linked own code
 * @param absent what packages must do without
 */
export async function findUnbundleable(
  { workspaceRoot, asFiles, main, external }: BundlePlan,
  modules: readonly string[],
  ownCode: string,
  absent: DevelopmentOptionals,
): Promise<ShippedPackages> {
  const found = new Map<string, ShippingReason>();
  /** By package, the code whose strings may name what it loads. */
  const requiring = new Map<string, string[]>();
  const thirdParty = modules.filter((file) => isThirdParty(workspaceRoot, file));
  for (const file of [...thirdParty].sort()) {
    const folder = packageFolder(file);
    const decided = asFiles[nameOfFolder(folder)];
    if (decided) found.set(folder, 'is named in asFiles');
    if (decided !== undefined || !/\.[cm]?js$/.test(file)) continue;
    const source = await readFile(file, 'utf8');
    const { traits, requiresByName } = findFileUse(source);
    const [trait] = [...traits].sort();
    if (loadsAddon.test(source)) found.set(folder, 'has a native addon');
    else if (trait) found.set(folder, found.get(folder) ?? trait);
    if (!requiresByName) continue;
    requiring.set(folder, [...(requiring.get(folder) ?? [ownCode]), source]);
  }
  const bundled = new Set(thirdParty.map(packageFolder));
  const declared = (await declaredForService(path.dirname(main), workspaceRoot)).filter(
    (name) => !external.includes(name),
  );
  for (const [folder, sources] of requiring) {
    const named = sources.flatMap((source) => literalsAmong(declared, source));
    const loaded = await packagesByName(folder, named, absent);
    for (const each of loaded) {
      if (bundled.has(each)) continue;
      found.set(each, loadedByName);
      found.set(folder, found.get(folder) ?? 'resolves modules at run time');
    }
  }
  return found;
}

/** The packages that the service and its workspace declare. */
async function declaredForService(
  folder: string,
  workspaceRoot: string,
): Promise<readonly string[]> {
  const names = declaredOf(await readDeclared(folder));
  const parent = path.dirname(folder);
  if (folder === workspaceRoot || parent === folder) return names;
  return [...names, ...(await declaredForService(parent, workspaceRoot))];
}

/**
 * The installed packages that a package may load by a name in a variable: the optional ones that it declares, and those that the
 * service declares and a string names, as in `app.set('view engine', 'ejs')`.
 */
async function packagesByName(
  folder: string,
  named: readonly string[],
  absent: DevelopmentOptionals,
): Promise<readonly string[]> {
  const declared = optionalsOf(await readDeclared(folder));
  const optional = declared.filter((name) => !absent.has(name, folder));
  const installed = await Promise.all(
    [...new Set([...optional, ...named])].sort().map((name) => installedFolder(folder, name)),
  );
  return installed.filter((each) => each !== undefined);
}

/** Where a module in this folder finds a package, as Node looks for it; undefined if it is not installed. */
export async function installedFolder(folder: string, name: string): Promise<string | undefined> {
  if (isPlugAndPlay(folder)) return installedByYarn(folder, name);
  for (let at = folder; ; at = path.dirname(at)) {
    const candidate = path.join(at, 'node_modules', name);
    const found = await stat(candidate).catch(() => undefined);
    if (found) return realpath(candidate);
    if (path.dirname(at) === at) return undefined;
  }
}
