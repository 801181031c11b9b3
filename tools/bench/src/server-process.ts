import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from './ship/bench-error';

interface Program {
  readonly name: string;
  /** @default that of Node */
  readonly command?: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** The messages of its log after which it is ready. */
  readonly ready: readonly string[];
  /** Finds its address, with or without `http://`, in its log. @default the field `url` of our services */
  readonly address?: RegExp;
}

const startLimitMs = 60_000;

/** A server in a process of its own. Its log goes to a file, so that the bench need not read it while it measures. */
export class ServerProcess {
  private constructor(
    readonly name: string,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** @throws BenchError `SERVER_FAILED` with its log */
  static async start(program: Program, folder: string): Promise<ServerProcess> {
    const { name, command = process.execPath, args, cwd, env, ready } = program;
    const { address = /"url":"(http:[^"]+)"/ } = program;
    const logFile = path.join(folder, `${name}.log`);
    const log = await open(logFile, 'w');
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    let failure = '';
    child.once('error', (error) => (failure = error.message));
    process.once('exit', () => child.kill('SIGKILL'));
    const end = performance.now() + startLimitMs;
    for (;;) {
      const text = await readFile(logFile, 'utf8');
      const found = address.exec(text)?.[1];
      const isReady = ready.every((message) => text.includes(message));
      if (found && isReady) return new ServerProcess(name, urlOf(found), child);
      if (failure !== '' || child.exitCode !== null || performance.now() > end) {
        child.kill('SIGKILL');
        throw new BenchError(
          'SERVER_FAILED',
          `${name} did not start. ${failure}\nIts log:\n${text}`,
        );
      }
      await sleep(50);
    }
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

const urlOf = (address: string) => (address.startsWith('http') ? address : `http://${address}`);
