import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { marker } from './processor-time';
import { type Runner } from './runner';

const author = [
  '-c',
  'user.name=bench',
  '-c',
  'user.email=bench@localhost',
  '-c',
  'core.hooksPath=',
];

export interface Place {
  readonly workspaceRoot: string;
  /** The folder of everything that the bench creates. */
  readonly folder: string;
  readonly runner: Runner;
}

/** A separate workspace: the current working tree, or a part of it, with the installed packages. */
export class WorkspaceCopy {
  private constructor(
    readonly root: string,
    private readonly runner: Runner,
  ) {}

  /** @param isKept selects files by their paths; default: all */
  static async create(
    { workspaceRoot: source, folder, runner }: Place,
    isKept: (file: string) => boolean = () => true,
  ): Promise<WorkspaceCopy> {
    const root = await mkdtemp(path.join(folder, 'workspace-'));
    const copy = new WorkspaceCopy(root, runner);
    const listed = await runner.call(
      'git',
      ['ls-files', '-z', '-co', '--exclude-standard'],
      source,
    );
    for (const file of listed.split('\0').filter(Boolean).filter(isKept)) {
      await mkdir(path.dirname(copy.path(file)), { recursive: true });
      await cp(path.join(source, file), copy.path(file)).catch((error: NodeJS.ErrnoException) => {
        // Deleted, but not yet committed.
        if (error.code !== 'ENOENT') throw error;
      });
    }
    // Hard links if the file system supports them. Symbolic links of the packages are relative, so they lead into the copy.
    const packages = path.join(source, 'node_modules');
    const linked = await runner.attempt({
      label: 'link',
      file: 'cp',
      args: ['-al', packages, root],
      cwd: '/',
    });
    if (linked.code !== 0) await runner.call('cp', ['-a', packages, root]);
    // npm ci does it too.
    await runner.call('npm', ['run', '--silent', '--if-present', 'compile'], root);
    await runner.call('git', ['init', '--quiet', '--initial-branch=main'], root);
    return copy;
  }

  path(...segments: string[]): string {
    return path.join(this.root, ...segments);
  }

  async edit(file: string, change: (text: string) => string): Promise<void> {
    await writeFile(this.path(file), change(await readFile(this.path(file), 'utf8')));
  }

  editJson<T>(file: string, change: (value: T) => T): Promise<void> {
    return this.edit(file, (text) => `${JSON.stringify(change(JSON.parse(text) as T), null, 2)}\n`);
  }

  async commit(message: string): Promise<void> {
    await commitAll(this.runner, this.root, message);
  }

  /** Runs Nx with the cache and the daemon of this copy. */
  nx(label: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return {
      label,
      file: this.path('node_modules/.bin/nx'),
      args,
      cwd: this.root,
      env: {
        NX_CACHE_DIRECTORY: this.path('.nx/cache'),
        NX_WORKSPACE_DATA_DIRECTORY: this.path('.nx/workspace-data'),
        NX_DAEMON: 'true',
        NX_TUI: 'false',
        ...env,
      },
    };
  }

  /** Restores the state of a fresh clone: nothing built, no cache, no daemon. */
  async reset(): Promise<void> {
    await this.runner.attempt(this.nx('reset', ['reset']));
    for (const folder of ['dist', 'tmp', '.nx']) {
      await rm(this.path(folder), { recursive: true, force: true });
    }
  }

  /** Ends Nx's daemon. */
  async stop(): Promise<void> {
    await this.runner.attempt(this.nx('stop', ['daemon', '--stop']));
  }
}

export async function commitAll(runner: Runner, root: string, message: string): Promise<void> {
  await runner.call('git', [...author, 'add', '--all'], root);
  await runner.call('git', [...author, 'commit', '--quiet', '--message', message], root);
}

/** The environment of all programs that the bench starts: the user's, without variables of a surrounding Nx or npx. */
export function cleanEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  mark: string,
): Record<string, string | undefined> {
  const kept = Object.entries(variables).filter(
    ([name]) => !/^(NX_|npm_(?!config_(registry|userconfig|cafile)$)|CI$|FORCE_COLOR$)/.test(name),
  );
  return { ...Object.fromEntries(kept), [marker]: mark, NO_COLOR: '1', NODE_NO_WARNINGS: '1' };
}
