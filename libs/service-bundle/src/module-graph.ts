import path from 'node:path';
import { Job } from '@vercel/nft/out/node-file-trace.js';
import { resolvedByYarn } from './plug-and-play';
import { packageFolder } from './third-party';

/** What modules load and read with one set of conditions. It grows by what each new entry adds: nothing is traced twice. */
export class ModuleGraph {
  private readonly job: Job;
  private readonly base: string;
  /** Keeps its folders across calls: what is left out once stays left out. */
  private leftOut: ReadonlySet<string> = new Set();

  /**
   * @param cache shared by graphs of the same files
   * @param isAbsent whether an import is to fail, as if the package was not installed
   */
  constructor(
    workspaceRoot: string,
    conditions: string[],
    cache: object,
    isAbsent: (specifier: string, importer: string) => boolean = () => false,
  ) {
    // Packages may be linked from outside of the workspace.
    this.base = path.parse(workspaceRoot).root;
    this.job = new Job({
      base: this.base,
      processCwd: workspaceRoot,
      conditions,
      cache,
      ignore: (file) => this.isLeftOut(file),
    });
    const { resolve } = this.job;
    this.job.resolve = async (specifier, importer, job, isRequire) =>
      isAbsent(specifier, importer)
        ? []
        : (resolvedByYarn(specifier, importer, [...conditions, isRequire ? 'require' : 'import']) ??
          resolve.call(job, specifier, importer, job, isRequire));
  }

  /**
   * All files that these modules need, absolute, with the modules themselves.
   *
   * @param leftOut the folders of packages that are not traced
   */
  async reach(entries: Iterable<string>, leftOut: ReadonlySet<string>): Promise<readonly string[]> {
    this.leftOut = leftOut;
    const modules = [...entries];
    await Promise.all(modules.map((file) => this.add(file)));
    const children = this.children();
    const reached = new Set(modules.map((file) => path.relative(this.base, file)));
    // A set also iterates over what is added meanwhile.
    for (const file of reached) {
      for (const child of children.get(file) ?? []) if (!this.isLeftOut(child)) reached.add(child);
    }
    return [...reached].map((file) => path.join(this.base, file));
  }

  private async add(file: string): Promise<void> {
    if (this.job.processed.has(file)) return;
    await this.job.emitFile(file, 'initial');
    await this.job.emitDependency(file);
  }

  private children(): ReadonlyMap<string, readonly string[]> {
    const children = new Map<string, string[]>();
    for (const [file, { parents }] of this.job.reasons) {
      for (const parent of parents) {
        const known = children.get(parent);
        if (known) known.push(file);
        else children.set(parent, [file]);
      }
    }
    return children;
  }

  private isLeftOut(file: string): boolean {
    return this.leftOut.size > 0 && this.leftOut.has(packageFolder(path.join(this.base, file)));
  }
}
