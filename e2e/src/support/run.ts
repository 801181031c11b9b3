import { spawn, type ChildProcess } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** In a process group of its own, as a shell starts a command. */
  readonly detached?: boolean;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, in the order of their output. */
  readonly output: string;
}

/** Nx without daemon and colours, and without a process for each plugin, which takes longest. */
export const quietNx = {
  NX_DAEMON: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_TUI: 'false',
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  CI: 'true',
  // Of the Nx that runs the tests: with it, Nx would take the repetition of a killed run for a recursive call.
  NX_INVOCATION_ROOT_PID: undefined,
};

export function launch(file: string, args: readonly string[], options: RunOptions = {}) {
  return spawn(file, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: options.detached ?? false,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end; a code other than 0 is a result, not an error. */
export async function run(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const child = launch(file, args, options);
  child.stdin?.end(options.input);
  const text = { stdout: '', stderr: '', output: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
      text.output += chunk;
    });
  }
  return { code: await exitCode(child), ...text };
}

/** Runs a command that must succeed. @returns its standard output */
export async function runOk(
  file: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<string> {
  const { code, stdout, output } = await run(file, args, options);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${output}`);
  return stdout;
}

export function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
}
