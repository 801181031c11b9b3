import { readFile } from 'node:fs/promises';
import { freePort } from './free-port';
import { waitFor } from './local-registry';
import { run, runOk } from './run';

/** A Docker container on the host's network that listens on its own loopback port. */
export class Container {
  private constructor(
    readonly id: string,
    readonly url: string,
  ) {}

  static async start(image: string, env: Record<string, string>): Promise<Container> {
    const port = await freePort();
    const variables = { HOST: '127.0.0.1', PORT: String(port), ...env };
    const id = await runOk(
      'docker',
      // Values come from the environment, because argument lists are public.
      [
        'run',
        '--detach',
        '--network=host',
        '--read-only',
        '--health-interval=1s',
        ...Object.keys(variables).flatMap((name) => ['--env', name]),
        image,
      ],
      { env: variables },
    );
    return new Container(id.trim(), `http://127.0.0.1:${port}`);
  }

  async untilHealthy(): Promise<void> {
    const state = () => this.inspect('{{.State.Status}} {{.State.Health.Status}}');
    await waitFor(async () => (await state()) === 'running healthy').catch(async (cause) => {
      const { output } = await run('docker', ['logs', this.id]);
      throw new Error(`container is ${await state()}:\n${output}`, { cause });
    });
  }

  /** The user id of the container's first process, as the kernel sees it. */
  async uid(): Promise<number> {
    const pid = await this.inspect('{{.State.Pid}}');
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
  }

  /** Stops it as an orchestrator would. @returns its exit code */
  async stop(): Promise<number> {
    await runOk('docker', ['stop', '--time', '20', this.id]);
    return Number(await this.inspect('{{.State.ExitCode}}'));
  }

  async remove(): Promise<void> {
    await run('docker', ['rm', '--force', '--volumes', this.id]);
  }

  private async inspect(format: string): Promise<string> {
    return (await runOk('docker', ['inspect', '--format', format, this.id])).trim();
  }
}
