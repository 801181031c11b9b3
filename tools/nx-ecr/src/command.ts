import { spawn } from 'node:child_process';

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
    const child = spawn(file, args, { cwd, env: env as NodeJS.ProcessEnv, timeout });
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
    // A program that ends before it has read everything closes the pipe: its exit code tells the story.
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** The last lines of what a command wrote, for an error message. */
export function lastLines({ stdout, stderr }: CommandResult, count: number): string {
  const lines = `${stdout}\n${stderr}`.split(/[\r\n]+/).filter((line) => line.trim());
  return lines.slice(-count).join('\n');
}
