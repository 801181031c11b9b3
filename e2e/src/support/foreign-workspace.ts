import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { quietNpm, requireNpmRegistry } from './npm';
import { quietNx, run, runOk, type RunResult } from './run';

const author = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost', '-c', 'core.hooksPath='];

/** A workspace outside of this repository: Nx and an app. */
export class ForeignWorkspace {
  private constructor(readonly root: string) {}

  /** @param files by path; packages of the root's package.json are installed from the npm registry */
  static async create(files: Readonly<Record<string, string | object>>): Promise<ForeignWorkspace> {
    await requireNpmRegistry();
    const workspace = new ForeignWorkspace(await mkdtemp(join(tmpdir(), 'foreign-')));
    for (const [path, content] of Object.entries(files)) await workspace.write(path, content);
    await workspace.npm('install');
    await workspace.git('init', '--quiet', '--initial-branch=main');
    await workspace.commit('chore: start');
    return workspace;
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  path(...segments: string[]): string {
    return join(this.root, ...segments);
  }

  async write(path: string, content: string | object): Promise<void> {
    const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), text);
  }

  npm(...args: string[]): Promise<string> {
    return runOk('npm', args, { cwd: this.root, env: quietNpm });
  }

  git(...args: string[]): Promise<string> {
    return runOk('git', [...author, ...args], { cwd: this.root });
  }

  async commit(message: string): Promise<void> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--message', message);
  }

  /** Runs a command in the root, as a developer does. */
  npx(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
    return run('npx', ['--no-install', ...args], {
      cwd: this.root,
      env: { ...quietNx, ...quietNpm, ...env },
    });
  }

  async npxOk(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> {
    const { code, output } = await this.npx(args, env);
    if (code !== 0) throw new Error(`npx ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }
}
