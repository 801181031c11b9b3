import path from 'node:path';
import { type Plugin } from 'esbuild';
import { type LockedPackages } from './package-lock';
import {
  isStrict,
  modulesOf,
  nameOfFolder,
  packageFolder,
  resolveImport,
  workspacePath,
} from './third-party';

/** Bundles one copy of each package that is installed several times at the same version. */
export const mergeDuplicates = (workspaceRoot: string, locked: LockedPackages): Plugin => ({
  name: 'merge-duplicates',
  setup(build) {
    const originals = duplicatePackages(locked);
    if (originals.size === 0) return;
    const filter = modulesOf(new Set([...originals.keys()].map(nameOfFolder)));
    build.onResolve({ filter, namespace: 'file' }, async (args) => {
      const found = await resolveImport(build, args);
      if (!found) return undefined;
      const file = workspacePath(workspaceRoot, found.path);
      const folder = packageFolder(file);
      const original = originals.get(folder);
      // A plugin cannot declare a file as an ES module of its package: such files are not merged.
      if (original === undefined || (await isStrict(found.path))) return undefined;
      return {
        path: path.join(workspaceRoot, original, file.slice(folder.length)),
        sideEffects: found.sideEffects,
      };
    });
  },
});

/**
 * npm installs a package in several folders if another version of it occupies the folder above them. A bundle needs only one of
 * the copies if all their dependencies are the same too.
 *
 * @returns the folder to use by the folder that it replaces, relative to the workspace
 */
export function duplicatePackages(locked: LockedPackages): ReadonlyMap<string, string> {
  const copies = new Copies(locked);
  return new Map(
    Object.keys(locked)
      .map((folder) => [folder, copies.first(folder)] as const)
      .filter(([folder, original]) => folder !== original),
  );
}

class Copies {
  private readonly originals = new Map<string, string>();
  private readonly groups = new Map<string, string[]>();

  constructor(private readonly locked: LockedPackages) {
    for (const [folder, { version, integrity }] of Object.entries(locked)) {
      if (!integrity) continue;
      const identity = `${nameOfFolder(folder)}@${version} ${integrity}`;
      const group = this.groups.get(identity);
      if (group) group.push(folder);
      else this.groups.set(identity, [folder]);
    }
  }

  /** The copy to use; a cycle of dependencies may hide an earlier copy from the first lookup. */
  first(folder: string): string {
    const original = this.original(folder);
    return original === folder ? folder : this.first(original);
  }

  private original(folder: string): string {
    const known = this.originals.get(folder);
    if (known !== undefined) return known;
    // Ends the walk of a cycle of dependencies: such packages are not merged.
    this.originals.set(folder, folder);
    const found = this.candidates(folder).find((other) => this.isSame(folder, other)) ?? folder;
    this.originals.set(folder, found);
    return found;
  }

  /** Earlier copies, nearest to the root first. */
  private candidates(folder: string): readonly string[] {
    const { version, integrity } = this.locked[folder] ?? {};
    const group = this.groups.get(`${nameOfFolder(folder)}@${version} ${integrity}`) ?? [];
    if (group.length < 2) return [];
    const inOrder = [...group].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    return inOrder.slice(0, Math.max(0, inOrder.indexOf(folder)));
  }

  private isSame(folder: string, other: string): boolean {
    return this.requirements(folder).every((name) => {
      const [one, two] = [this.resolve(folder, name), this.resolve(other, name)];
      if (one === undefined || two === undefined) return one === two;
      return this.original(one) === this.original(two);
    });
  }

  private requirements(folder: string): readonly string[] {
    const { dependencies, optionalDependencies, peerDependencies } = this.locked[folder] ?? {};
    return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  }

  /** As Node does: in the node_modules of the folder, then in those above it. */
  private resolve(folder: string, name: string): string | undefined {
    for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const found = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
      if (this.locked[found]) return found;
      if (at === '') return undefined;
    }
  }
}
