import { type ChildProcess } from 'node:child_process';
import { exitCode, launch, type RunOptions } from './run';

/** A shell that keeps its variables from one command to the next, as a terminal does. */
export class Shell {
  private readonly child: ChildProcess;
  private output = '';
  private nth = 0;

  constructor(options: RunOptions) {
    this.child = launch('bash', ['--noprofile', '--norc'], { ...options, input: '' });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** Runs a command without standard input. @returns its exit code and both of its streams */
  async run(command: string): Promise<{ readonly code: number; readonly output: string }> {
    this.nth += 1;
    this.output = '';
    const end = new RegExp(`\n<${this.nth}: (\\d+)>\n$`);
    this.child.stdin?.write(
      `{ ${command}\n} </dev/null 2>&1; printf '\\n<%s: %s>\\n' ${this.nth} $?\n`,
    );
    for (;;) {
      const found = end.exec(this.output);
      if (found) return { code: Number(found[1]), output: this.output.slice(0, found.index) };
      await this.more();
    }
  }

  async close(): Promise<void> {
    const ended = exitCode(this.child);
    this.child.stdin?.end();
    await ended;
  }

  /** @throws Error if the shell has ended */
  private more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`The shell has ended: ${this.output}`));
      this.child.stdout?.once('data', () => {
        this.child.off('close', ended);
        resolve();
      });
      this.child.once('close', ended);
    });
  }
}
