import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input; the way for secrets. */
  readonly input?: string;
  /** In ms; the command is ended when it takes longer. */
  readonly timeout?: number;
  /** Called with each line of either stream as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  /** 127 when the program could not be started, as in a shell. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell and waits for its end, whatever its exit code. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd, env, input, timeout, onLine } = options;
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env: env as NodeJS.ProcessEnv });
    // spawn's own timer outlives a program that could not be started, and keeps this process from its end.
    const timer = timeout && setTimeout(() => child.kill(), timeout);
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        output[stream] += chunk;
        if (onLine) for (const line of chunk.split(/[\r\n]+/)) if (line.trim()) onLine(line);
      });
    }
    child.on('error', ({ message }) =>
      resolve({ ...output, code: 127, stderr: `${output.stderr}${message}` }),
    );
    child.on('close', (code) => resolve({ ...output, code: code ?? 1 }));
    for (const end of ['error', 'close']) child.on(end, () => clearTimeout(timer));
    // A program that ends before it has read everything closes the pipe: its exit code tells the story.
    child.stdin.on('error', () => undefined).end(input);
  });
}

/**
 * The standard output of a program, as it comes.
 * The stream fails with a CommandError when the program does; destroying the stream ends the program.
 */
export function streamCommand(
  file: string,
  args: readonly string[],
  options: Pick<CommandOptions, 'env'> = {},
): Readable {
  return Readable.from(outputOf(file, args, options), { objectMode: false });
}

/** What a program that failed wrote to standard error. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

async function* outputOf(
  file: string,
  args: readonly string[],
  { env }: Pick<CommandOptions, 'env'>,
): AsyncGenerator<Buffer> {
  const child = spawn(file, args, {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => void (stderr += chunk));
  const ended = new Promise<number>((resolve) => {
    child.on('error', ({ message }) => {
      stderr += message;
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    if ((await ended) === 0) return;
    const said = lastLines({ code: 1, stdout: '', stderr }, 5);
    throw new CommandError(said || `${file} ${args.join(' ')} failed without a word`);
  } finally {
    child.kill();
  }
}

/** The last lines of what a command wrote, for an error message. */
export function lastLines({ stdout, stderr }: CommandResult, count: number): string {
  const lines = `${stdout}\n${stderr}`.split(/[\r\n]+/).filter((line) => line.trim());
  return lines.slice(-count).join('\n');
}
