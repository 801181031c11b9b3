import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

type Line = Record<string, unknown>;

/** A service in a process of its own, with what it wrote so far. */
export class ServiceProcess {
  readonly lines: Line[] = [];
  stderr = '';
  private readonly child: ChildProcess;
  private readonly exit: Promise<unknown>;
  private wake: () => void = () => undefined;

  constructor(file: string, env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [file], { env: { PATH: process.env['PATH'], ...env } });
    this.exit = once(this.child, 'close').then(() => this.wake());
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    const { stdout } = this.child;
    if (!stdout) throw new Error('no stdout');
    createInterface({ input: stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.wake();
    });
  }

  /** The first line with this message, written already or still to come. */
  async logged(message: string): Promise<Line> {
    for (;;) {
      const line = this.lines.find(({ msg }) => msg === message);
      if (line) return line;
      if (this.child.exitCode !== null)
        throw new Error(`exited without "${message}": ${this.stderr}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  get messages(): unknown[] {
    return this.lines.map(({ msg }) => msg);
  }

  async url(): Promise<string> {
    return String((await this.logged('listening'))['url']);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async exitCode(): Promise<number | null> {
    await this.exit;
    return this.child.exitCode;
  }
}
