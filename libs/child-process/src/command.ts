import { Readable } from 'node:stream';
import { type Options } from 'execa';

/** Environment variables, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface CommandOptions {
  readonly cwd?: string;
  /** All variables of the program. @default those of this process */
  readonly env?: Variables;
  /** Written to standard input; the way for secrets. @default nothing */
  readonly input?: string | Readable;
  /** In ms. The program is ended if it takes longer. */
  readonly timeout?: number;
  /** Called with each line of either stream when it is printed, except empty lines. */
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  /** As in a shell, 127 if the program could not be started and 124 after the timeout; 1 if another signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program without a shell and waits for its end. Any exit code is a result.
 * @throws the error of `input` if it is a stream that fails
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  { env, onLine, input = '', ...options }: CommandOptions = {},
): Promise<CommandResult> {
  // It may fail before execa listens; the error is thrown below.
  if (input instanceof Readable) input.on('error', () => undefined);
  const { execa } = await loadExeca();
  const output = onLine ? reportLines(onLine) : 'pipe';
  const ended = await execa(file, args, {
    ...commonOptions(env),
    ...options,
    input,
    stdout: output,
    stderr: output,
  });
  if (input instanceof Readable && input.errored) throw input.errored;
  const { exitCode, isTerminated, timedOut, stdout, originalMessage } = ended;
  if (exitCode !== undefined) return { code: exitCode, stdout, stderr: ended.stderr };
  if (isTerminated) return { code: timedOut ? 124 : 1, stdout, stderr: ended.stderr };
  return { code: 127, stdout: '', stderr: originalMessage ?? '' };
}

/** A program failed. The message is the end of what it wrote to standard error. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/**
 * The standard output of a program while it runs.
 * The stream fails with a CommandError if the program fails. Destroying the stream ends the program.
 */
export function streamCommand(
  file: string,
  args: readonly string[],
  { env }: Pick<CommandOptions, 'env'> = {},
): Readable {
  async function* output(): AsyncGenerator<Buffer> {
    const { execa } = await loadExeca();
    const child = execa(file, args, {
      ...commonOptions(env),
      stdin: 'ignore',
      buffer: { stdout: false },
    });
    try {
      for await (const chunk of child.stdout) yield chunk as Buffer;
      const { exitCode, stderr, originalMessage } = await child;
      if (exitCode === 0) return;
      const reason = lastLines(
        { code: 1, stdout: '', stderr: stderr || (originalMessage ?? '') },
        5,
      );
      throw new CommandError(reason || `${file} ${args.join(' ')} failed without a message`);
    } finally {
      child.kill();
    }
  }
  return Readable.from(output(), { objectMode: false });
}

/** The last lines of what a command wrote, for an error message. */
export function lastLines({ stdout, stderr }: CommandResult, count: number): string {
  const lines = `${stdout}\n${stderr}`.split(/[\r\n]+/).filter((line) => line.trim());
  return lines.slice(-count).join('\n');
}

/** Only an ES module: `require`, into which tsx turns a static import, does not find all of its dependencies. */
const loadExeca = () => import('execa');

const commonOptions = (env: CommandOptions['env']) =>
  ({
    env,
    extendEnv: env === undefined,
    reject: false,
    stripFinalNewline: false,
  }) satisfies Options;

const reportLines = (onLine: (line: string) => void) =>
  function* (line: unknown) {
    // A progress bar overwrites its line.
    for (const part of String(line).split('\r')) if (part.trim()) onLine(part);
    yield line;
  };
