import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { quietNx, run, runOk, type RunOptions } from './run';

const source = resolve(__dirname, '../../..');
const author = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost', '-c', 'core.hooksPath='];

/** A separate workspace: the files of the working tree, committed once, and the installed packages. */
export class WorkspaceCopy {
  private constructor(readonly root: string) {}

  static async create(): Promise<WorkspaceCopy> {
    const root = await mkdtemp(join(tmpdir(), 'typerush-'));
    const copy = new WorkspaceCopy(root);
    await copy.addSources();
    await copy.addPackages();
    await copy.addCompiledPlugin();
    await copy.git('init', '--quiet', '--initial-branch=main');
    await copy.commit('chore: start');
    return copy;
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  git(...args: string[]): Promise<string> {
    return runOk('git', [...author, ...args], { cwd: this.root });
  }

  async commit(message: string): Promise<void> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--message', message);
  }

  /** The variables for Nx, with a separate cache: Nx would share one with every other copy. */
  get env(): Record<string, string | undefined> {
    return {
      ...quietNx,
      NX_CACHE_DIRECTORY: this.path('.nx/cache'),
      NX_WORKSPACE_DATA_DIRECTORY: this.path('.nx/workspace-data'),
    };
  }

  nx(args: readonly string[], env: RunOptions['env'] = {}) {
    return run(join(this.root, 'node_modules/.bin/nx'), args, {
      cwd: this.root,
      env: { ...this.env, ...env },
    });
  }

  async nxOk(args: readonly string[], env: RunOptions['env'] = {}): Promise<string> {
    const { code, output } = await this.nx(args, env);
    if (code !== 0) throw new Error(`nx ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  /** Runs another program in the workspace, which must succeed. */
  run(file: string, args: readonly string[]): Promise<string> {
    return runOk(file, args, { cwd: this.root });
  }

  path(...segments: string[]): string {
    return join(this.root, ...segments);
  }

  /** Copies the working tree: tracked files and new ones, without those that Git ignores. */
  private async addSources(): Promise<void> {
    const listed = await runOk('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
      cwd: source,
    });
    for (const file of listed.split('\0').filter(Boolean)) {
      await mkdir(dirname(this.path(file)), { recursive: true });
      await cp(join(source, file), this.path(file)).catch((error: NodeJS.ErrnoException) => {
        // Deleted, but not yet committed.
        if (error.code !== 'ENOENT') throw error;
      });
    }
  }

  /** npm ci compiles it too. */
  private async addCompiledPlugin(): Promise<void> {
    const folder = 'tools/nx-ecr/node_modules';
    if (process.env.PLUGIN_IS_COMPILED) {
      await cp(join(source, folder), this.path(folder), { recursive: true });
    } else {
      await this.run('npm', ['run', '--silent', 'compile']);
    }
  }

  /** Hard links if the file system supports them. The symbolic links of the packages are relative, so they lead into the copy. */
  private async addPackages(): Promise<void> {
    const from = join(source, 'node_modules');
    const linked = await run('cp', ['-al', from, this.root]);
    if (linked.code !== 0) await runOk('cp', ['-a', from, this.root]);
    // npm rewrites this file in place, which must not change the workspace that it is linked from.
    const lock = this.path('node_modules/.package-lock.json');
    await rm(lock);
    await cp(join(from, '.package-lock.json'), lock);
  }
}
