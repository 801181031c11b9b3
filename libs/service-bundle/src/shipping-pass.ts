import path from 'node:path';
import { type OnResolveArgs, type Plugin, type PluginBuild } from 'esbuild';
import { type Dependency } from './dependency';
import { type Entry, shippedPrefix } from './entries-module';
import { resolveShipped, type ShippedModule } from './resolve-shipped';
import { placeOf } from './shipped-files';
import { type ShippedPackages, type ShippingReason } from './shipped-packages';
import { installedByYarn, isPlugAndPlay } from './plug-and-play';
import { isNested, isStrict, packageFolder, packageName, resolveImport } from './third-party';

/** Refers to the files of shipped packages in one pass of the linker. */
export class ShippingPass {
  /** The modules that the bundle loads, absolute. */
  readonly modules = new Set<string>();
  /** Bundled packages that import an ES module which the bundle cannot require. */
  readonly importers = new Map<string, ShippingReason>();

  constructor(
    private readonly shipped: ShippedPackages,
    private readonly workspaceRoot: string,
  ) {}

  async entry(dependency: Dependency): Promise<Entry> {
    if (!this.shipped.has(packageFolder(dependency.file))) return { dependency };
    const found = await resolveShipped(dependency.specifier, dependency.from, dependency.strict);
    if (!found?.isModule) return { dependency };
    this.modules.add(found.file);
    return { dependency, module: this.referTo(found) };
  }

  private referTo({ file }: ShippedModule): string {
    return `./${placeOf(this.workspaceRoot, file)}`;
  }

  get plugin(): Plugin {
    return {
      name: 'refer-to-shipped-packages',
      setup: (build) => {
        build.onResolve({ filter: /^shipped:/ }, ({ path: specifier }) => ({
          path: specifier.slice(shippedPrefix.length),
          external: true,
        }));
        if (this.shipped.size === 0) return;
        build.onResolve({ filter: /^[^.]/ }, async (args) => {
          const folder = await importedPackage(build, args);
          if (!folder || !this.shipped.has(folder)) return undefined;
          const isImport = args.kind !== 'require-call' && (await isStrict(args.importer));
          const module = await resolveShipped(args.path, args.resolveDir, isImport);
          if (!module) return undefined;
          if (module.isModule && args.kind === 'import-statement' && args.namespace === 'file') {
            const importer = packageFolder(args.importer);
            this.importers.set(importer, 'imports an ES module that is shipped as files');
          }
          this.modules.add(module.file);
          return { path: this.referTo(module), external: true };
        });
      },
    };
  }
}

/** The folder of the package that an import finds; see `resolveImport`. */
async function importedPackage(
  build: PluginBuild,
  args: OnResolveArgs,
): Promise<string | undefined> {
  const { path: specifier, resolveDir } = args;
  // Yarn knows it at once; for each resolution, esbuild parses the file in which Yarn lists all packages.
  if (isPlugAndPlay(resolveDir) && !specifier.startsWith('#') && !path.isAbsolute(specifier)) {
    return isNested(args) ? undefined : installedByYarn(resolveDir, packageName(specifier));
  }
  const found = await resolveImport(build, args);
  return found && packageFolder(found.path);
}
