import { type ChildProcess } from 'node:child_process';
import { freePort } from './free-port';
import { waitFor } from './local-registry';
import { exitCode, launch } from './run';

/** A built service, in a process on its own port. */
export class BuiltService {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly ended: Promise<number>,
    private readonly output: () => string,
  ) {}

  /** @param args of Node, run in `cwd`; @param variables beside its address */
  static async start(
    cwd: string,
    args: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<BuiltService> {
    const port = variables['PORT'] ?? String(await freePort());
    const env = { NODE_ENV: 'production', HOST: '127.0.0.1', ...variables, PORT: port };
    const child = launch(process.execPath, args, { cwd, env });
    const ended = exitCode(child);
    // `stop` reports a service that cannot start.
    ended.catch(() => undefined);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    return new BuiltService(`http://127.0.0.1:${port}`, child, ended, () => output);
  }

  /** Waits for a 200. */
  async untilAnswers(path: string): Promise<void> {
    await waitFor(async () => (await fetch(`${this.url}${path}`)).status === 200).catch((cause) => {
      throw new Error(`It does not answer ${path}:\n${this.output()}`, { cause });
    });
  }

  /** Ends it without notice. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Stops it as an orchestrator would. @returns its exit code */
  async stop(): Promise<number> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
