import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A folder with a real Git repository, and fakes of `aws` and `npx` that come first on the PATH: they log their arguments and
 * run the script that the test sets.
 */
export class Sandbox {
  static async create(): Promise<Sandbox> {
    const root = await mkdtemp(path.join(tmpdir(), 'ci-'));
    await mkdir(path.join(root, 'bin'));
    await mkdir(path.join(root, 'work'));
    const sandbox = new Sandbox(root, path.join(root, 'work'));
    await sandbox.program('aws', 'exit 1');
    await sandbox.program('npx', 'exit 1');
    return sandbox;
  }

  private constructor(
    private readonly root: string,
    readonly work: string,
  ) {}

  /** Sets the bash script of a program; `$calls` counts its calls, including the current one. */
  async program(name: string, does: string): Promise<void> {
    const log = path.join(this.root, `${name}.log`);
    const file = path.join(this.root, 'bin', name);
    await writeFile(file, `#!/bin/bash\necho "$*" >>${log}\ncalls=$(wc -l <${log})\n${does}\n`);
    await chmod(file, 0o755);
  }

  async calls(name: string): Promise<string[]> {
    const log = await readFile(path.join(this.root, `${name}.log`), 'utf8').catch(() => '');
    return log.split('\n').filter(Boolean);
  }

  /** Runs a program of this machine, or a script by its path, in the repository. */
  run(
    program: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    cwd = this.work,
  ): Promise<Outcome> {
    return new Promise((resolve) => {
      execFile(
        program,
        args,
        { cwd, env: { ...this.environment(), ...env } },
        (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      );
    });
  }

  /** @throws Error with the error output of Git */
  async git(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run('git', args);
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  /** @returns the commit's id */
  async commit(subject: string): Promise<string> {
    await this.git('commit', '--quiet', '--allow-empty', '--message', subject);
    return this.git('rev-parse', 'HEAD');
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true });
  }

  private environment(): Record<string, string> {
    const person = { NAME: 'ci', EMAIL: 'ci@example.com' };
    return {
      PATH: `${this.root}/bin:${process.env['PATH']}`,
      HOME: this.root,
      GIT_CEILING_DIRECTORIES: this.root,
      GIT_CONFIG_NOSYSTEM: '1',
      ...Object.fromEntries(
        Object.entries(person).flatMap(([key, value]) => [
          [`GIT_AUTHOR_${key}`, value],
          [`GIT_COMMITTER_${key}`, value],
        ]),
      ),
    };
  }
}
