import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildFailure, type Plugin } from 'esbuild';
import { isLoadedLate } from './file-use';
import { type LockedPackages, optionalsOf, readDeclared } from './package-lock';
import {
  isThirdParty,
  modulesOf,
  nameOfFolder,
  packageFolder,
  packageName,
  workspacePath,
} from './third-party';

/**
 * Leaves out the optional packages that only development has. An import of one fails at run time, as if it was not installed.
 */
export const leaveOutDevelopmentOptionals = (
  workspaceRoot: string,
  locked: LockedPackages,
): Plugin => ({
  name: 'leave-out-development-optionals',
  setup(build) {
    const optionals = new DevelopmentOptionals(workspaceRoot, locked);
    const { names } = optionals;
    if (names.size === 0) return;
    build.onResolve(
      { filter: modulesOf(names), namespace: 'file' },
      ({ path: specifier, importer }) =>
        optionals.has(specifier, importer) ? { path: specifier, external: true } : undefined,
    );
  },
});

/** The optional packages that only development has: what is shipped as files does without them too. */
export class DevelopmentOptionals {
  private readonly byFolder: ReadonlyMap<string, readonly string[]>;

  constructor(
    private readonly workspaceRoot: string,
    locked: LockedPackages,
  ) {
    this.byFolder = developmentOptionals(locked);
  }

  get names(): ReadonlySet<string> {
    return new Set([...this.byFolder.values()].flat());
  }

  /** @param importer absolute: a file of the package that would use the optional one, or its folder */
  has(specifier: string, importer: string): boolean {
    const folder = packageFolder(workspacePath(this.workspaceRoot, importer));
    return this.byFolder.get(folder)?.includes(packageName(specifier)) ?? false;
  }
}

/**
 * The packages that `npm ci --omit=dev` does not install, and that an installed package would use.
 *
 * @returns their names by the folder of the package that would use them
 */
export function developmentOptionals(
  locked: LockedPackages,
): ReadonlyMap<string, readonly string[]> {
  const installed = Object.entries(locked).filter(([, { dev }]) => !dev);
  const needed = new Set(installed.map(([folder]) => nameOfFolder(folder)));
  const isForDevelopment = (name: string) =>
    !needed.has(name) && locked[`node_modules/${name}`] !== undefined;
  return new Map(
    installed
      .filter(([folder]) => folder !== '')
      .map(([folder, one]) => [folder, optionalsOf(one).filter(isForDevelopment)] as const)
      .filter(([, names]) => names.length > 0),
  );
}

/**
 * The packages that are not installed and that every package which uses them declares as optional or loads only in a function.
 * Left out, an import of one fails at run time, as it does without a bundle.
 *
 * @returns undefined if the failure has any other cause
 */
export async function missingPackages(
  { errors }: BuildFailure,
  workspaceRoot: string,
): Promise<readonly string[] | undefined> {
  const missing = new Set<string>();
  for (const { text, location } of errors) {
    const specifier = /^Could not resolve "([^"]+)"$/.exec(text)?.[1];
    const file = path.resolve(workspaceRoot, location?.file ?? '.');
    if (!specifier || !isThirdParty(workspaceRoot, file)) return undefined;
    const isOptional = optionalsOf(await readDeclared(packageFolder(file))).includes(
      packageName(specifier),
    );
    if (!isOptional && !isLoadedLate(await readFile(file, 'utf8'), specifier)) return undefined;
    missing.add(isOptional ? packageName(specifier) : specifier);
  }
  return [...missing].sort();
}
