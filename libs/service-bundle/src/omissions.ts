import { type Plugin } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';

/** Replaces modules of packages that a service never runs with empty ones. */
export class Omissions {
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
