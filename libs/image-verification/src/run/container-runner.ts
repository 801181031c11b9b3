import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { type CommandResult, runCommand, type Variables } from '@typerush/child-process';
import { atExit } from './at-exit';
import {
  healthTimeoutMs,
  ImageRefused,
  type ImageRunner,
  type RunnableImage,
  RunnerFailure,
  type RunningImage,
} from './image-runner';

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

/** With cat, or with node if the base image has no cat. */
const printStatus = [
  ['cat', '/proc/1/status'],
  ['node', '-e', `process.stdout.write(require('fs').readFileSync('/proc/1/status'))`],
];

const exitCodeOfKill = 128 + 9;

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
      return { ...(await this.attach(name, image.port, startedAt)), remove };
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

  /** @throws RunnerFailure if the container is running and its port is not published */
  private async attach(name: string, port: number, startedAt: number) {
    const { run } = this;
    // In this order: a container that has ended has no published port, which is a failure of the image, not of the runtime.
    const published = await run(['port', name, `${port}/tcp`]);
    const address = /^127\.0\.0\.1:\d+$/m.exec(published.stdout)?.[0];
    const state = stateOf((await run(['inspect', '--format={{json .State}}', name])).stdout);
    if (!address && state.running) {
      throw new RunnerFailure(`port ${port} is not published: ${published.stderr.trim()}`);
    }
    const ended = run(['wait', name]).then(({ stdout }) => Number(stdout.trim() || Number.NaN));
    return {
      url: `http://${address ?? `127.0.0.1:${port}`}`,
      startedAt: Math.max(startedAt, state.startedAt),
      ended,
      logs: async () => {
        const { stdout, stderr } = await run(['logs', name]);
        return stdout + stderr;
      },
      run: ([kind, ...command]: readonly string[]) => {
        const shell = kind === 'CMD-SHELL' ? ['/bin/sh', '-c'] : [];
        return run(['exec', name, ...shell, ...command], healthTimeoutMs);
      },
      processStatus: async () => {
        for (const command of printStatus) {
          const { code, stdout } = await run(['exec', name, ...command]);
          if (code === 0) return stdout;
        }
        return undefined;
      },
      stop: async (seconds: number) => {
        await run(['stop', `--time=${seconds}`, name]);
        return { killed: (await ended) === exitCodeOfKill };
      },
    };
  }

  /** The first error; later ones are consequences of it. */
  private reason({ code, stderr }: CommandResult): string {
    const error = stderr.split('\n').find((line) => line && !/^(time=|WARN)/.test(line));
    return error?.replace(/^Error:\s*/, '') ?? `exit code ${code}`;
  }

  private readonly run = (args: readonly string[], timeout?: number): Promise<CommandResult> =>
    runCommand(this.name, args, { env: this.options.variables, timeout });
}

function stateOf(text: string): { readonly running: boolean; readonly startedAt: number } {
  try {
    const { Running, StartedAt } = JSON.parse(text) as { Running?: boolean; StartedAt?: string };
    return { running: Running === true, startedAt: Date.parse(StartedAt ?? '') || 0 };
  } catch {
    return { running: false, startedAt: 0 };
  }
}
