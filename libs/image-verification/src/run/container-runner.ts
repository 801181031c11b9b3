import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { type CommandResult, runCommand } from '@typerush/child-process';
import { atExit } from './at-exit';
import {
  healthTimeoutMs,
  ImageRefused,
  type ImageRunner,
  type RunnableImage,
  RunnerFailure,
  type RunningImage,
} from './image-runner';

type Variables = Readonly<Record<string, string | undefined>>;

/** Runs the client of docker or podman, which have the same commands. */
type RunClient = (args: readonly string[], timeout?: number) => Promise<CommandResult>;

export interface ContainerRunnerOptions {
  readonly name: 'docker' | 'podman';
  /** The environment of the client, with PATH and DOCKER_HOST. */
  readonly variables: Variables;
  /** Loads the image into the runtime under a tag. @throws Error */
  readonly load: (client: string, tag: string) => Promise<void>;
  /** Why the runtime of this machine cannot run the image. */
  readonly unsuitable?: string;
}

/** Small, as in a cluster. The logs of a service that needs more show that. */
const limits: Readonly<Record<ContainerRunnerOptions['name'], readonly string[]>> = {
  docker: ['--memory=512m'],
  // podman raises these to their maximum, which not every machine allows.
  podman: ['--memory=512m', '--ulimit=nofile=1024:1024', '--ulimit=nproc=16384:16384'],
};

/** Runs the whole image as restricted as a service must support: read-only, without capabilities. */
export class ContainerRunner implements ImageRunner {
  constructor(private readonly options: ContainerRunnerOptions) {}

  get name() {
    return this.options.name;
  }

  async detect(): Promise<string | undefined> {
    if (this.options.unsuitable) return this.options.unsuitable;
    const found = await this.run(['info'], 10_000);
    if (found.code === 0) return undefined;
    return found.code === 127 ? 'it is not on PATH' : this.reason(found);
  }

  async start(image: RunnableImage): Promise<RunningImage> {
    const name = `nx-ecr-verify-${randomUUID()}`;
    const tag = `nx-ecr-verify:${name.slice(-12)}`;
    const undo = () => {
      for (const args of [
        ['rm', '-f', name],
        ['rmi', tag],
      ]) {
        spawnSync(this.name, args, {
          env: this.options.variables as NodeJS.ProcessEnv,
          stdio: 'ignore',
        });
      }
    };
    const forget = atExit(undo);
    const remove = () => {
      forget();
      undo();
    };
    try {
      await this.options.load(this.name, tag).catch((cause: Error) => {
        throw new RunnerFailure(cause.message, { cause });
      });
      await this.create(name, tag, image);
      const startedAt = Date.now();
      await this.expectStart(name);
      return await Container.open({ name, port: image.port, startedAt, run: this.run, remove });
    } catch (error) {
      remove();
      throw error;
    }
  }

  private async create(name: string, tag: string, { port, env }: RunnableImage): Promise<void> {
    const created = await this.run([
      'create',
      `--name=${name}`,
      '--read-only',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
      // The smoke test runs it once: its interval would only add a delay.
      '--no-healthcheck',
      ...limits[this.name],
      `--publish=127.0.0.1::${port}`,
      ...Object.entries(env).map(([variable, value]) => `--env=${variable}=${value}`),
      tag,
    ]);
    if (created.code !== 0) throw new RunnerFailure(this.reason(created));
  }

  private async expectStart(name: string): Promise<void> {
    const started = await this.run(['start', name]);
    if (started.code === 0) return;
    const reason = this.reason(started);
    throw /exec: "|exec format error/.test(reason)
      ? new ImageRefused(reason)
      : new RunnerFailure(reason);
  }

  /** The first error; later ones are consequences of it. */
  private reason({ code, stderr }: CommandResult): string {
    const error = stderr.split('\n').find((line) => line && !/^(time=|WARN)/.test(line));
    return error?.replace(/^Error:\s*/, '') ?? `exit code ${code}`;
  }

  private readonly run: RunClient = (args, timeout) =>
    runCommand(this.name, args, { env: this.options.variables, timeout });
}

interface StartedContainer {
  readonly name: string;
  readonly port: number;
  /** When the client was started, in ms since 1970. */
  readonly startedAt: number;
  readonly run: RunClient;
  readonly remove: () => void;
}

/** A started container of docker or podman. */
class Container implements RunningImage {
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

  /** @throws RunnerFailure if the port is not published */
  static async open(container: StartedContainer): Promise<Container> {
    const { name, port, run } = container;
    // In this order: a container that has ended has no published port, which is a failure of the image, not of the runtime.
    const published = await run(['port', name, `${port}/tcp`]);
    const address = /^127\.0\.0\.1:\d+$/m.exec(published.stdout)?.[0];
    const state = stateOf((await run(['inspect', '--format={{json .State}}', name])).stdout);
    if (!address && state.running) {
      throw new RunnerFailure(`port ${port} is not published: ${published.stderr.trim()}`);
    }
    const startedAt = Math.max(container.startedAt, state.startedAt);
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

  /** With cat, or with node if the base image has no cat. */
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
