import { type CommandResult } from '@typerush/child-process';
import { healthTimeoutMs, RunnerFailure, type RunningImage } from './image-runner';

/** What has been started. */
export interface StartedContainer {
  readonly name: string;
  readonly port: number;
  /** When its start was asked for, in ms since 1970. */
  readonly askedAt: number;
  /** Runs the client of docker or podman, which speak the same language. */
  readonly run: (args: readonly string[], timeout?: number) => Promise<CommandResult>;
  readonly remove: () => void;
}

/** A container of docker or podman at work. */
export class Container implements RunningImage {
  readonly ended: Promise<number>;

  private constructor(
    private readonly container: StartedContainer,
    readonly url: string,
    readonly startedAt: number,
  ) {
    this.ended = container
      .run(['wait', container.name])
      .then(({ stdout }) => Number(stdout.trim() || Number.NaN));
  }

  /** @throws RunnerFailure where it is not published */
  static async open(container: StartedContainer): Promise<Container> {
    const { name, port, askedAt, run } = container;
    // One after the other: a container that has ended is published nowhere, which is the image's failure, not the runtime's.
    const published = await run(['port', name, `${port}/tcp`]);
    const address = /^127\.0\.0\.1:\d+$/m.exec(published.stdout)?.[0];
    const state = stateOf((await run(['inspect', '--format={{json .State}}', name])).stdout);
    if (!address && state.running) {
      throw new RunnerFailure(`port ${port} is not published: ${published.stderr.trim()}`);
    }
    const startedAt = Math.max(askedAt, state.startedAt);
    return new Container(container, `http://${address ?? `127.0.0.1:${port}`}`, startedAt);
  }

  async logs(): Promise<string> {
    const { stdout, stderr } = await this.container.run(['logs', this.container.name]);
    return stdout + stderr;
  }

  healthCheck([kind, ...command]: readonly string[]) {
    const inside = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...command] : command;
    return this.container.run(['exec', this.container.name, ...inside], healthTimeoutMs);
  }

  /** By cat, or by node where the base has nothing else. */
  async processStatus(): Promise<string | undefined> {
    const status = '/proc/1/status';
    const script = `process.stdout.write(require('fs').readFileSync('${status}'))`;
    for (const command of [
      ['cat', status],
      ['node', '-e', script],
    ]) {
      const { code, stdout } = await this.container.run(['exec', this.container.name, ...command]);
      if (code === 0) return stdout;
    }
    return undefined;
  }

  async stop(seconds: number): Promise<{ killed: boolean }> {
    await this.container.run(['stop', `--time=${seconds}`, this.container.name]);
    const killed = 128 + 9;
    return { killed: (await this.ended) === killed };
  }

  remove(): void {
    this.container.remove();
  }
}

function stateOf(text: string): { readonly running: boolean; readonly startedAt: number } {
  try {
    const { Running, StartedAt } = JSON.parse(text) as { Running?: boolean; StartedAt?: string };
    return { running: Running === true, startedAt: Date.parse(StartedAt ?? '') || 0 };
  } catch {
    return { running: false, startedAt: 0 };
  }
}
