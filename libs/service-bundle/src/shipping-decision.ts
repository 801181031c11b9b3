import path from 'node:path';
import { type BuildFailure } from 'esbuild';
import { type BundlePlan } from './bundle-plan';
import { type UsedDependencies } from './find-dependencies';
import { isOptionalAddon } from './native-addons';
import { type DevelopmentOptionals, missingPackages } from './optional-packages';
import { resolveShipped } from './resolve-shipped';
import {
  findUnbundleable,
  loadedByName,
  type ShippedPackages,
  type ShippingReason,
} from './shipped-packages';
import { isThirdParty, nameOfFolder, packageFolder } from './third-party';

/** Which packages are bundled, shipped as files or left out. It grows from round to round of linking. */
export class ShippingDecision {
  private readonly packages = new Map<string, ShippingReason>();
  /** The folders of packages that are installed, and that the image does not need. */
  readonly leftOut = new Set<string>();
  /** The names of packages or modules that the bundle does not contain. */
  readonly missing = new Set<string>();

  constructor(
    private readonly plan: BundlePlan,
    private readonly used: UsedDependencies,
    private readonly absent: DevelopmentOptionals,
  ) {}

  get shipped(): ShippedPackages {
    return this.packages;
  }

  /** @returns whether the errors of the linker explain themselves by packages that it now leaves out */
  async addFailed(failure: BuildFailure): Promise<boolean> {
    const { workspaceRoot } = this.plan;
    if (this.ship(unbundleableIn(failure, workspaceRoot))) return true;
    const names = (await missingPackages(failure, workspaceRoot)) ?? [];
    const before = this.missing.size;
    for (const name of names) this.missing.add(name);
    return this.missing.size > before;
  }

  /**
   * @param importers bundled packages that import an ES module which the bundle cannot require
   * @param modules the modules in the bundle, absolute
   * @returns whether the bundle must be linked again
   */
  async add(importers: ShippedPackages, modules: readonly string[]): Promise<boolean> {
    const isImporting = this.ship(importers);
    const unbundleable = await findUnbundleable(this.plan, modules, this.used.ownCode, this.absent);
    const isGrowing = this.ship(unbundleable);
    return (await this.leaveOutOptionalAddons(modules)) || isGrowing || isImporting;
  }

  /** @returns whether there is one that was not shipped before */
  addUsed(folders: ReadonlySet<string>): boolean {
    const reason = 'is used by a package that is shipped as files';
    return this.ship(new Map([...folders].map((folder) => [folder, reason])));
  }

  /** The modules of the packages that are loaded by name, which no import refers to. */
  async loadedByName(): Promise<readonly string[]> {
    const folders = [...this.packages].filter(([, reason]) => reason === loadedByName);
    const found = await Promise.all(
      folders.map(([folder]) => {
        const name = nameOfFolder(folder);
        return resolveShipped(name, path.dirname(folder.slice(0, -name.length)), false);
      }),
    );
    return found.flatMap((module) => module?.file ?? []);
  }

  private ship(found: ShippedPackages): boolean {
    const before = this.packages.size;
    for (const [folder, reason] of found) {
      if (!this.packages.has(folder) && !this.leftOut.has(folder))
        this.packages.set(folder, reason);
    }
    return this.packages.size > before;
  }

  private async leaveOutOptionalAddons(modules: readonly string[]): Promise<boolean> {
    const ownUse = new Set(this.used.dependencies.map(({ file }) => packageFolder(file)));
    const users = new Set([...this.packages.keys(), ...modules.map(packageFolder)]);
    const before = this.leftOut.size;
    for (const folder of this.packages.keys()) {
      if (ownUse.has(folder) || this.plan.asFiles[nameOfFolder(folder)]) continue;
      if (!(await isOptionalAddon(folder, users))) continue;
      this.leftOut.add(folder);
      this.missing.add(nameOfFolder(folder));
    }
    if (this.leftOut.size === before) return false;
    // What only an addon used is not needed.
    this.packages.clear();
    return true;
  }
}

/** The packages that cannot be bundled, by the errors of the linker. */
function unbundleableIn({ errors }: BuildFailure, workspaceRoot: string): ShippedPackages {
  const found = new Map<string, ShippingReason>();
  for (const { text, location } of errors) {
    const file = path.resolve(workspaceRoot, location?.file ?? '.');
    if (!isThirdParty(workspaceRoot, file)) continue;
    if (/^Top-level await/.test(text)) found.set(packageFolder(file), 'waits at its top level');
    if (/No loader is configured for "\.node"/.test(text)) {
      found.set(packageFolder(file), 'has a native addon');
    }
  }
  return found;
}
