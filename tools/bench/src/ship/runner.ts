import { spawn } from 'node:child_process';
import { BenchError } from './bench-error';

export interface Command {
  /** Its name in the table of steps. */
  readonly label: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the runner's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to its standard input. */
  readonly input?: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Starts programs with one environment, each in its own process group, which an abort ends. */
export class Runner {
  constructor(
    private readonly env: Variables,
    private readonly signal?: AbortSignal,
  ) {}

  with(env: Variables): Runner {
    return new Runner({ ...this.env, ...env }, this.signal);
  }

  /** A runner for clean-up, which an abort does not stop. */
  unstoppable(): Runner {
    return new Runner(this.env);
  }

  /** @returns the standard output @throws BenchError `COMMAND_FAILED` with the end of the output */
  async run(command: Command): Promise<string> {
    const { code, stdout, output } = await this.attempt(command);
    if (code === 0) return stdout;
    const end = output.trim().split('\n').slice(-25).join('\n  ');
    throw new BenchError(
      'COMMAND_FAILED',
      `${command.file} ${command.args.join(' ')} in ${command.cwd} ended with ${code}:\n  ${end}`,
    );
  }

  /** Runs a command that is not in the tables. */
  call(file: string, args: readonly string[], cwd = '/'): Promise<string> {
    return this.run({ label: file, file, args, cwd });
  }

  async attempt({ file, args, cwd, env, input }: Command) {
    this.signal?.throwIfAborted();
    const child = spawn(file, args, {
      cwd,
      env: { ...this.env, ...env },
      detached: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const end = () => endGroup(child.pid);
    this.signal?.addEventListener('abort', end);
    child.stdin?.end(input);
    const text = { stdout: '', output: '' };
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text.stdout += chunk;
      text.output += chunk;
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text.output += chunk));
    try {
      const code = await new Promise<number>((resolve, reject) => {
        child.once('error', (cause) =>
          reject(
            new BenchError('COMMAND_MISSING', `Cannot start ${file}: ${cause.message}`, {
              cause,
            }),
          ),
        );
        // Not `close`: a daemon that the program leaves may keep its output open.
        child.once('exit', (code, signal) =>
          setImmediate(() => resolve(code ?? (signal ? 128 : 1))),
        );
      });
      this.signal?.throwIfAborted();
      return { code, ...text };
    } finally {
      this.signal?.removeEventListener('abort', end);
    }
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has already ended.
  }
}
