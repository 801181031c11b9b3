import { createHash } from 'node:crypto';
import module, { isBuiltin } from 'node:module';
import path from 'node:path';
import { nameOfFolder, packageFolder } from './third-party';

interface Locator {
  readonly name: string | null;
  readonly reference: string | null;
}

/** The part of Yarn's API that is used here: https://yarnpkg.com/advanced/pnpapi */
interface PnpApi {
  findPackageLocator(file: string): Locator | null;
  getPackageInformation(locator: Locator): {
    readonly packageLocation: string;
    readonly packageDependencies: ReadonlyMap<string, string | readonly [string, string] | null>;
  };
  resolveToUnqualified(request: string, issuer: string): string | null;
  resolveRequest(
    request: string,
    issuer: string,
    options: { readonly conditions: ReadonlySet<string> },
  ): string | null;
}

/**
 * With Plug'n'Play, Yarn installs no `node_modules`: packages are archives in a cache, and it tells Node where each finds its
 * dependencies. An image has no Yarn, so the packages that it contains as files get folders and links, as pnpm creates them.
 */
const pnpOf = (file: string): PnpApi | undefined =>
  (module as { findPnpApi?: (file: string) => PnpApi | null }).findPnpApi?.(file) ?? undefined;

/** Whether Yarn resolves what this file or folder requires. */
export const isPlugAndPlay = (file: string): boolean => pnpOf(file) !== undefined;

/** The folder of a package that a module in this folder requires; undefined if it is not installed. */
export function installedByYarn(folder: string, name: string): string | undefined {
  try {
    const found = pnpOf(folder)?.resolveToUnqualified(name, `${folder}/`);
    return found?.replace(/\/$/, '');
  } catch {
    return undefined;
  }
}

/**
 * The module that another one requires, if Yarn resolves it; undefined for modules of Node, files and what it does not know.
 * @param conditions of the exports of packages
 */
export function resolvedByYarn(
  specifier: string,
  importer: string,
  conditions: readonly string[],
): string | undefined {
  if (/^[./#]/.test(specifier) || isBuiltin(specifier)) return undefined;
  try {
    const options = { conditions: new Set(conditions) };
    return pnpOf(importer)?.resolveRequest(specifier, importer, options) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The place of a file below `dependencies/`; undefined if Yarn did not install it with Plug'n'Play. */
export function placeInStore(file: string): string | undefined {
  const folder = packageFolder(file);
  const store = storeOf(folder);
  return store && `${store}/${nameOfFolder(folder)}${file.slice(folder.length)}`;
}

/** The `node_modules` of a package and of links to its dependencies. A hash names it: a reference may be a path. */
function storeOf(folder: string): string | undefined {
  const locator = pnpOf(folder)?.findPackageLocator(`${folder}/`);
  if (!locator?.name || !locator.reference) return undefined;
  const hash = createHash('sha256').update(locator.reference).digest('hex').slice(0, 10);
  return `node_modules/.pnp/${locator.name.replace('/', '+')}@${hash}/node_modules`;
}

/** A symbolic link in a bundle. */
export interface BundleLink {
  /** Relative to the bundle. */
  readonly file: string;
  /** Relative to the folder of the link. */
  readonly target: string;
}

/** The links by which packages of the store find each other, and by which those find them that load packages by name. */
export function linksOfStore(sources: readonly string[]): readonly BundleLink[] {
  const folders = [...new Set(sources.map(packageFolder))].sort();
  const places = new Map(
    folders.flatMap((folder) => {
      const store = storeOf(folder);
      return store ? [[folder, { store, place: `${store}/${nameOfFolder(folder)}` }] as const] : [];
    }),
  );
  const links = new Map<string, BundleLink>();
  const link = (from: string, place: string) => {
    const target = path.posix.relative(path.posix.dirname(from), place);
    if (from !== place && !links.has(from))
      links.set(from, { file: `dependencies/${from}`, target });
  };
  for (const [folder, { store, place }] of places) {
    for (const [name, dependency] of dependenciesOf(folder)) {
      const found = places.get(dependency);
      if (found) link(`${store}/${name}`, found.place);
    }
    link(`node_modules/${nameOfFolder(folder)}`, place);
  }
  return [...links.values()];
}

/** The folders of the packages that a package may require, by the name that it uses. */
function dependenciesOf(folder: string): readonly (readonly [string, string])[] {
  const api = pnpOf(folder);
  const locator = api?.findPackageLocator(`${folder}/`);
  if (!api || !locator) return [];
  const { packageDependencies } = api.getPackageInformation(locator);
  return [...packageDependencies].flatMap(([name, reference]) => {
    if (reference === null) return [];
    const other =
      typeof reference === 'string'
        ? { name, reference }
        : { name: reference[0], reference: reference[1] };
    const { packageLocation } = api.getPackageInformation(other);
    return [[name, packageLocation.replace(/\/$/, '')] as const];
  });
}
