import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

type LogLine = Record<string, unknown>;

/** The service as a process of its own, run from source. */
export class ServiceProcess {
  readonly #child;
  readonly #lines: LogLine[] = [];
  readonly #exit: Promise<number | null>;
  #stderr = '';

  constructor(env: Record<string, string>) {
    this.#child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      cwd: join(__dirname, '..'),
      env: { PATH: process.env.PATH, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exit = once(this.#child, 'close').then(([code]) => code as number | null);
    createInterface(this.#child.stdout).on('line', (line) => this.#lines.push(JSON.parse(line)));
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
  }

  /** The first log line with this message. Rejects when the process ends without it. */
  async logged(message: string): Promise<LogLine> {
    for (;;) {
      const line = this.#lines.find(({ msg }) => msg === message);
      if (line) return line;
      if (this.#child.exitCode !== null) {
        throw new Error(
          `Ended without logging "${message}": ${JSON.stringify(this.#lines)} ${this.#stderr}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  stop(): void {
    this.#child.kill('SIGTERM');
  }

  /** Waits for the end of the process. */
  async ended(): Promise<{ code: number | null; stderr: string; lines: LogLine[] }> {
    return { code: await this.#exit, stderr: this.#stderr, lines: this.#lines };
  }
}
