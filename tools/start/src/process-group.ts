import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';

export interface Command {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
}

/** A child process and all that it starts: a process group of its own, whose output goes to a file. */
export class ProcessGroup {
  readonly exited: Promise<number>;

  private constructor(
    readonly command: Command,
    private readonly child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      child.once('error', () => resolve(127));
      child.once('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
    });
  }

  static start(command: Command): ProcessGroup {
    mkdirSync(dirname(command.logFile), { recursive: true });
    const log = createWriteStream(command.logFile);
    const [file, ...args] = command.argv;
    // Its own group: Ctrl-C reaches only this process, which then stops the others in order.
    const child = spawn(file, args, {
      env: { ...command.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('error', (error) => log.end(`${error.message}\n`));
    child.once('close', () => log.end());
    finished(log).catch(() => undefined);
    return new ProcessGroup(command, child);
  }

  /** Signals the group to end, and kills it after `graceMs` milliseconds. Resolves when its leader has ended. */
  async stop(graceMs = 15_000): Promise<void> {
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(timer);
    // Processes that the leader did not end.
    this.signal('SIGKILL');
  }

  /** The last lines of the output, for an error message. */
  async tail(lines = 20): Promise<string> {
    const text = await readFile(this.command.logFile, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // ESRCH: the group has ended.
    }
  }
}
