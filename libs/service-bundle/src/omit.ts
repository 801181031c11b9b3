import { type Plugin } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';

/** Replaces modules of packages with empty ones: code that a service never runs. */
export class Omissions {
  private readonly met = new Set<string>();

  /** @param modules paths below `node_modules`, without extension: `zod/v4/locales/index` */
  constructor(private readonly modules: readonly string[]) {}

  get plugin(): Plugin {
    return {
      name: 'omit',
      setup: (build) => {
        if (this.modules.length === 0) return;
        const names = this.modules.map(literally).join('|');
        const filter = new RegExp(`[\\\\/]node_modules[\\\\/](${names})\\.[a-z]+$`);
        build.onLoad({ filter }, ({ path }) => {
          this.met.add(filter.exec(path)?.[1]?.replaceAll('\\', '/') ?? '');
          return { contents: '', loader: 'js' };
        });
      },
    };
  }

  /** @throws PipelineError `OMITTED_NOTHING`: the list is to stay true */
  check(): void {
    const idle = this.modules.filter((name) => !this.met.has(name));
    if (idle.length === 0) return;
    throw new PipelineError(
      'OMITTED_NOTHING',
      `"omit" names what no package brings into the bundle: ${idle.join(', ')}. Take it out of the build target's options.`,
    );
  }
}

const literally = (name: string) =>
  name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('/', '[\\\\/]');
