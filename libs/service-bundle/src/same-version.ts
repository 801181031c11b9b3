import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const names = z.record(z.string(), z.string()).default({});

/** `package-lock.json` from version 2 on; https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages */
const lockSchema = z.looseObject({
  packages: z
    .record(
      z.string(),
      z.looseObject({
        version: z.string().optional(),
        integrity: z.string().optional(),
        dependencies: names,
        optionalDependencies: names,
        peerDependencies: names,
        peerDependenciesMeta: z
          .record(z.string(), z.looseObject({ optional: z.boolean().default(false) }))
          .default({}),
        /** Needed for development, and for nothing else. */
        dev: z.boolean().optional(),
      }),
    )
    .default({}),
});

export type LockedPackages = z.infer<typeof lockSchema>['packages'];

/** What npm has installed, by folder; empty where the workspace has another package manager. */
export async function readLockedPackages(workspaceRoot: string): Promise<LockedPackages> {
  const file = path.join(workspaceRoot, 'package-lock.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return lockSchema.parse(JSON.parse(text)).packages;
}

/**
 * npm puts one package into several folders where another version of it takes the place above them. Copies that cannot be told
 * apart, because all that they depend on is the same too, need to be in a bundle only once.
 *
 * @returns which folder stands for which others, as paths relative to the workspace
 */
export function copiesOfSameVersion(locked: LockedPackages): ReadonlyMap<string, string> {
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
      const identity = `${nameOf(folder)}@${version} ${integrity}`;
      this.groups.set(identity, [...(this.groups.get(identity) ?? []), folder]);
    }
  }

  /** The copy that stands for all: a circle of dependencies may hide at first that another comes before. */
  first(folder: string): string {
    const original = this.original(folder);
    return original === folder ? folder : this.first(original);
  }

  private original(folder: string): string {
    const known = this.originals.get(folder);
    if (known !== undefined) return known;
    // Holds while a circle of dependencies is walked: such packages stay as they are.
    this.originals.set(folder, folder);
    const found = this.candidates(folder).find((other) => this.isSame(folder, other)) ?? folder;
    this.originals.set(folder, found);
    return found;
  }

  /** Copies that come before it, the one nearest to the root first. */
  private candidates(folder: string): readonly string[] {
    const { version, integrity } = this.locked[folder] ?? {};
    const group = this.groups.get(`${nameOf(folder)}@${version} ${integrity}`) ?? [];
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

  /** As Node looks a package up: in the folder's own node_modules, then in those above it. */
  private resolve(folder: string, name: string): string | undefined {
    for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const found = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
      if (this.locked[found]) return found;
      if (at === '') return undefined;
    }
  }
}

const nameOf = (folder: string) => folder.slice(folder.lastIndexOf('node_modules/') + 13);
