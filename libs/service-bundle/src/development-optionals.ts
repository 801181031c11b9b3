import path from 'node:path';
import { type Plugin } from 'esbuild';
import { type LockedPackages } from './same-version';
import { packageFolder, packageName } from './third-party';

/** By the folder of a package, relative to the workspace: those that it can do without, and that only development has. */
type Optionals = ReadonlyMap<string, ReadonlySet<string>>;

/** What `npm ci --omit=dev` leaves out although a package that it installs would take it. */
export function developmentOptionals(locked: LockedPackages): Optionals {
  const needed = new Set(
    Object.entries(locked)
      .filter(([, { dev }]) => !dev)
      .map(([folder]) => nameOf(folder)),
  );
  const isForDevelopment = (name: string) =>
    !needed.has(name) && locked[`node_modules/${name}`] !== undefined;
  return new Map(
    Object.entries(locked)
      .filter(([folder, { dev }]) => folder !== '' && !dev)
      .map(([folder, one]) => [folder, optionalsOf(one).filter(isForDevelopment)] as const)
      .filter(([, names]) => names.length > 0)
      .map(([folder, names]) => [folder, new Set(names)]),
  );
}

const optionalsOf = ({ optionalDependencies, peerDependenciesMeta }: LockedPackages[string]) => [
  ...Object.keys(optionalDependencies),
  ...Object.keys(peerDependenciesMeta).filter((name) => peerDependenciesMeta[name]?.optional),
];

const nameOf = (folder: string) => folder.split('node_modules/').at(-1) ?? folder;

/** Leaves them out: to name one fails at run time, as it does where it is not installed. */
export const withoutDevelopmentOptionals = (
  workspaceRoot: string,
  optionals: Optionals,
): Plugin => ({
  name: 'without-development-optionals',
  setup(build) {
    const names = [...new Set([...optionals.values()].flatMap((each) => [...each]))];
    if (names.length === 0) return;
    const filter = new RegExp(`^(${names.join('|').replaceAll('.', '\\.')})(/|$)`);
    build.onResolve({ filter, namespace: 'file' }, ({ path: specifier, importer }) => {
      const relative = path.relative(workspaceRoot, importer).split(path.sep).join('/');
      const left = optionals.get(packageFolder(relative))?.has(packageName(specifier));
      return left ? { path: specifier, external: true } : undefined;
    });
  },
});
