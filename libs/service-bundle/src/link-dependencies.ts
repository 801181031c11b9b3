import path from 'node:path';
import { type BuildFailure, type Plugin } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';
import { isBuildFailure } from './bundle-failure';
import { type Dependency, reExport } from './dependency';
import { mergeDuplicates } from './duplicate-packages';
import { link, type LinkContext, type LinkedOutput } from './link-pass';
import { isOptionalAddon, withAddonsOfImage } from './native-addons';
import { type UsedDependencies } from './find-dependencies';
import { leaveOutDevelopmentOptionals, missingPackages } from './optional-packages';
import { readLockedPackages } from './package-lock';
import {
  packagesOf,
  placeOf,
  resolveShipped,
  type ShippedFile,
  type ShippedModule,
  traceFiles,
} from './shipped-files';
import {
  findUnbundleable,
  loadedByName,
  type ShippedPackages,
  type ShippingReason,
} from './shipped-packages';
import { isStrict, isThirdParty, nameOfFolder, packageFolder, resolveImport } from './third-party';

/** The third-party half of a bundle. */
export interface LinkedDependencies {
  readonly output: LinkedOutput;
  /** The packages that are not in the output, and why. */
  readonly shipped: ShippedPackages;
  readonly files: readonly ShippedFile[];
  /** Whether own code has to wait until ES modules are loaded. */
  readonly waits: boolean;
}

/**
 * Links the used part of third-party code. It depends on own code only through the names that this uses of a package and the
 * packages that its strings name: any other change there does not change the output.
 *
 * @throws PipelineError `OMITTED_NOTHING`; BuildFailure
 */
export async function linkDependencies(
  context: LinkContext,
  { dependencies, strings }: UsedDependencies,
): Promise<LinkedDependencies> {
  const { plan } = context;
  const { workspaceRoot } = plan;
  const locked = await readLockedPackages(workspaceRoot);
  const shipped = new Map<string, ShippingReason>();
  const missing = new Set<string>();
  const leftOut = new Set<string>();
  const traceCache = {};
  // Each round links without the packages that the previous one found: what they use is shipped as files too.
  for (;;) {
    const omissions = new Omissions(plan.omit);
    const pass = new ShippingPass(shipped, workspaceRoot);
    const entries = await Promise.all(dependencies.map((one) => pass.entry(one)));
    const plugins = [
      pass.plugin,
      reExportPackages(dependencies),
      leaveOutDevelopmentOptionals(workspaceRoot, locked),
      mergeDuplicates(workspaceRoot, locked),
      omissions.plugin,
    ];
    const before = shipped.size + missing.size + leftOut.size;
    const hasGrown = () => shipped.size + missing.size + leftOut.size > before;
    const add = (found: ShippedPackages) => {
      for (const [folder, reason] of found) {
        if (!shipped.has(folder) && !leftOut.has(folder)) shipped.set(folder, reason);
      }
    };
    let output: LinkedOutput;
    try {
      output = await linkEntries(context, entriesModule(entries), plugins, [...missing]);
    } catch (error) {
      if (!isBuildFailure(error)) throw error;
      add(unbundleableIn(error, workspaceRoot));
      if (!hasGrown()) {
        for (const name of (await missingPackages(error, workspaceRoot)) ?? []) missing.add(name);
      }
      if (!hasGrown()) throw error;
      continue;
    }
    add(pass.importers);
    const modules = [...output.inputs.keys()].map((file) => path.join(workspaceRoot, file));
    add(await findUnbundleable(plan, modules, strings));
    const used = new Set(dependencies.map(({ file }) => packageFolder(file)));
    const users = new Set([...shipped.keys(), ...modules.map(packageFolder)]);
    for (const folder of [...shipped.keys()].filter((each) => !used.has(each))) {
      if (plan.asFiles[nameOfFolder(folder)] || !(await isOptionalAddon(folder, users))) continue;
      leftOut.add(folder);
      missing.add(nameOfFolder(folder));
    }
    // What only an addon used is not needed.
    if (leftOut.size > 0 && [...leftOut].some((each) => shipped.has(each))) {
      shipped.clear();
      continue;
    }
    if (hasGrown()) continue;
    const byName = [...shipped].filter(([, reason]) => reason === loadedByName);
    for (const [folder] of byName) {
      const found = await resolveShipped(
        nameOfFolder(folder),
        path.dirname(folder.slice(0, -nameOfFolder(folder).length)),
        false,
      );
      if (found) pass.modules.add(found.file);
    }
    const files =
      pass.modules.size > 0
        ? await traceFiles([...pass.modules], shipped, workspaceRoot, {
            leftOut,
            cache: traceCache,
          })
        : [];
    const reason = 'is used by a package that is shipped as files';
    add(new Map([...(await packagesOf(files))].map((folder) => [folder, reason])));
    if (hasGrown()) continue;
    omissions.check();
    const shippedFiles = await withAddonsOfImage(files, shipped, workspaceRoot);
    return {
      output,
      shipped,
      files: shippedFiles,
      waits: entries.some(({ module }) => module !== undefined),
    };
  }
}

const linkEntries = (
  context: LinkContext,
  contents: string,
  plugins: readonly Plugin[],
  external: string[],
): Promise<LinkedOutput> =>
  link(context, {
    stdin: { contents, sourcefile: 'dependencies', resolveDir: context.plan.workspaceRoot },
    outfile: 'dependencies/index.js',
    // The settings of the workspace are for its own code.
    tsconfigRaw: '{}',
    plugins,
    external,
    // Names that code can see are kept. Without this, esbuild names modules by their paths, which npm may change.
    minify: true,
    // Node prints the line that threw.
    lineLimit: 1_000,
  });

/** A dependency, and the path of its ES module if that is shipped as a file. */
interface Entry {
  readonly dependency: Dependency;
  readonly module?: string;
}

/** Own code awaits it before it requires ES modules. */
export const loadKey = '#load';

/** Each is evaluated when own code first requires it, so that the order is that of own code. */
function entriesModule(entries: readonly Entry[]): string {
  const modules = entries.filter(({ module }) => module !== undefined);
  const lines = entries.map(({ dependency, module }) => {
    const key = JSON.stringify(dependency.key);
    const source = JSON.stringify(prefix + sourceOf(dependency));
    return module === undefined
      ? `  ${key}: () => require(${source}),\n`
      : `  ${key}: () => loaded[${key}],\n`;
  });
  if (modules.length === 0) return `module.exports = {\n${lines.join('')}};\n`;
  const loads = modules.map(
    ({ dependency, module }) =>
      `    import(${JSON.stringify(shippedPrefix + module)}).then((all) => { loaded[${JSON.stringify(dependency.key)}] = asRequired(all); }),\n`,
  );
  return [
    'const loaded = {};',
    'const asRequired = (all) => {',
    "  const exported = Object.defineProperty({}, '__esModule', { value: true });",
    '  for (const name of Object.keys(all)) Object.defineProperty(exported, name, { enumerable: true, get: () => all[name] });',
    '  return exported;',
    '};',
    `module.exports = {\n${lines.join('')}  "${loadKey}": () => Promise.all([\n${loads.join('')}  ]),\n};`,
    '',
  ].join('\n');
}

const shippedPrefix = 'shipped:';

/** Refers to the files of shipped packages in one pass of the linker. */
class ShippingPass {
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
          const found = await resolveImport(build, args);
          if (!found || !this.shipped.has(packageFolder(found.path))) return undefined;
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

const prefix = 'dependency:';

/** esbuild selects the rules of an import by the extension of its file. */
const sourceOf = ({ key, strict }: Dependency) => `${key}${strict ? '.mjs' : '.js'}`;

const reExportPackages = (dependencies: readonly Dependency[]): Plugin => ({
  name: 're-export-packages',
  setup(build) {
    const bySource = new Map(dependencies.map((one) => [sourceOf(one), one]));
    build.onResolve({ filter: /^dependency:/ }, ({ path }) => ({
      path: path.slice(prefix.length),
      namespace: 'dependency',
    }));
    build.onLoad({ filter: /.*/, namespace: 'dependency' }, ({ path }) => {
      const found = bySource.get(path);
      return found && { contents: reExport(found, found.specifier), resolveDir: found.from };
    });
    // A path alias of the workspace is not known here.
    build.onResolve({ filter: /.*/, namespace: 'dependency' }, async (args) => {
      const found = await resolveImport(build, args);
      const target = bySource.get(args.importer)?.file;
      return found || args.pluginData !== undefined || target === undefined
        ? undefined
        : { path: target };
    });
  },
});

/** Replaces modules of packages that a service never runs with empty ones. */
class Omissions {
  private readonly replaced = new Set<string>();

  /** @param modules paths below `node_modules` without extension: `zod/v4/locales/index` */
  constructor(private readonly modules: readonly string[]) {}

  get plugin(): Plugin {
    return {
      name: 'omit',
      setup: (build) => {
        if (this.modules.length === 0) return;
        const names = this.modules.map(escaped).join('|');
        const filter = new RegExp(`[\\\\/]node_modules[\\\\/](${names})\\.[a-z]+$`);
        build.onLoad({ filter }, ({ path }) => {
          this.replaced.add(filter.exec(path)?.[1]?.replaceAll('\\', '/') ?? '');
          return { contents: '', loader: 'js' };
        });
      },
    };
  }

  /** Keeps the list up to date. @throws PipelineError `OMITTED_NOTHING` */
  check(): void {
    const unused = this.modules.filter((name) => !this.replaced.has(name));
    if (unused.length === 0) return;
    throw new PipelineError(
      'OMITTED_NOTHING',
      `Cannot omit ${unused.join(', ')}: not in the bundle.\n` +
        'Fix: remove it from "omit" in the options of the build target.',
    );
  }
}

const escaped = (name: string) =>
  name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('/', '[\\\\/]');
