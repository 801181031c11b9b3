import { type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { type CommandOptions, runCommand } from '@typerush/child-process';
import { healthTimeoutMs, type RunningImage } from './image-runner';

export interface NodeStart {
  readonly port: number;
  readonly stopSignal: string | null | undefined;
  /** Folder and environment. */
  readonly options: CommandOptions;
  /** Ends the process and removes its files. */
  readonly remove: () => void;
}

/** An image's program as a process of this machine. */
export class NodeProcess implements RunningImage {
  readonly url: string;
  readonly startedAt = Date.now();
  readonly ended: Promise<number>;
  private written = '';

  constructor(
    private readonly child: ChildProcess,
    private readonly start: NodeStart,
  ) {
    this.url = `http://127.0.0.1:${start.port}`;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.written += text));
    }
    this.ended = new Promise((resolve) => {
      child.on('error', ({ message }) => {
        this.written += message;
        resolve(127);
      });
      child.on('close', (code, signal) => resolve(code ?? numberOf(signal)));
    });
  }

  async logs(): Promise<string> {
    return this.written;
  }

  healthCheck([kind, ...command]: readonly string[]) {
    const [program = '', ...args] = kind === 'CMD-SHELL' ? ['sh', '-c', ...command] : command;
    const file = program === 'node' ? process.execPath : program;
    return runCommand(file, args, { ...this.start.options, timeout: healthTimeoutMs });
  }

  async processStatus(): Promise<undefined> {
    return undefined;
  }

  async stop(seconds: number): Promise<{ killed: boolean }> {
    this.child.kill(signalOf(this.start.stopSignal));
    const late = Symbol('late');
    const first = await Promise.race([this.ended, wait(seconds * 1_000, late, { ref: false })]);
    if (first !== late) return { killed: false };
    this.child.kill('SIGKILL');
    await this.ended;
    return { killed: true };
  }

  remove(): void {
    this.start.remove();
  }
}

/** As a shell tells it. */
const numberOf = (signal: NodeJS.Signals | null) => 128 + (signal ? constants.signals[signal] : 0);

/** `SIGTERM`, `TERM` or a number. */
function signalOf(text: string | null | undefined): NodeJS.Signals {
  const name = text?.replace(/^(?!SIG|\d)/, 'SIG');
  const found = Object.entries(constants.signals).find(
    ([known, number]) => known === name || String(number) === name,
  );
  return (found?.[0] as NodeJS.Signals | undefined) ?? 'SIGTERM';
}
