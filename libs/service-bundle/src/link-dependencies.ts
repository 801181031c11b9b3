import { type Plugin } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';
import { isBuildFailure } from './bundle-failure';
import { type Dependency, reExport } from './dependency';
import { mergeDuplicates } from './duplicate-packages';
import { link, type LinkContext, type LinkedOutput } from './link-pass';
import { leaveOutDevelopmentOptionals, missingOptionals } from './optional-packages';
import { readLockedPackages } from './package-lock';

/**
 * Links the used part of third-party code. It depends on own code only through the names that this uses of a package: any other
 * change there does not change the output.
 *
 * @throws PipelineError `OMITTED_NOTHING`; BuildFailure
 */
export async function linkDependencies(
  context: LinkContext,
  dependencies: readonly Dependency[],
): Promise<LinkedOutput> {
  const { workspaceRoot, omit } = context.plan;
  const locked = await readLockedPackages(workspaceRoot);
  const omissions = new Omissions(omit);
  const linkWithout = (external: readonly string[]) =>
    link(context, {
      stdin: {
        contents: `module.exports = {\n${dependencies.map(entryOf).join('')}};\n`,
        sourcefile: 'dependencies',
        resolveDir: workspaceRoot,
      },
      outfile: 'dependencies/index.js',
      plugins: [
        reExportPackages(dependencies),
        leaveOutDevelopmentOptionals(workspaceRoot, locked),
        mergeDuplicates(workspaceRoot, locked),
        omissions.plugin,
      ],
      external: [...external],
      // Names that code can see are kept. Without this, esbuild names modules by their paths, which npm may change.
      minify: true,
      // Node prints the line that threw.
      lineLimit: 1_000,
    });
  const output = await linkWithout([]).catch(async (error: unknown) => {
    const missing = isBuildFailure(error) && (await missingOptionals(error, workspaceRoot));
    if (!missing) throw error;
    return linkWithout(missing);
  });
  omissions.check();
  return output;
}

const prefix = 'dependency:';

/** esbuild selects the rules of an import by the extension of its file. */
const sourceOf = ({ key, strict }: Dependency) => `${key}${strict ? '.mjs' : '.js'}`;

/** Evaluated when own code first requires it, so that the order is that of own code. */
const entryOf = (dependency: Dependency) =>
  `  ${JSON.stringify(dependency.key)}: () => require(${JSON.stringify(prefix + sourceOf(dependency))}),\n`;

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
