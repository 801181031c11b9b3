import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { type CommandResult, runCommand } from '@typerush/child-process';
import { atExit } from './at-exit';
import { Container } from './container';
import {
  ImageRefused,
  type ImageRunner,
  type RunnableImage,
  RunnerFailure,
  type RunningImage,
} from './image-runner';

type Variables = Readonly<Record<string, string | undefined>>;

export interface ContainerRunnerOptions {
  readonly name: 'docker' | 'podman';
  /** What the client is started with: PATH, DOCKER_HOST. */
  readonly variables: Variables;
  /** Loads the image into the runtime under a tag. @throws Error where that fails, for whatever reason */
  readonly load: (client: string, tag: string) => Promise<void>;
  /** Why the runtime of this machine cannot run the image; undefined where it can. */
  readonly unsuitable?: string;
}

/** Small, as a container of a cluster is; a service that needs more says so in the logs of its end. */
const limits: Readonly<Record<ContainerRunnerOptions['name'], readonly string[]>> = {
  docker: ['--memory=512m'],
  // podman raises these to the most there is, which not every machine lets it.
  podman: ['--memory=512m', '--ulimit=nofile=1024:1024', '--ulimit=nproc=16384:16384'],
};

/** Runs the whole image as locked up as a service has to bear: read-only, without rights. */
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
      const askedAt = Date.now();
      await this.expectStart(name);
      const run = (args: readonly string[], timeout?: number) => this.run(args, timeout);
      return await Container.open({ name, port: image.port, askedAt, run, remove });
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
      // It is run once, by hand: its interval would only delay the answer.
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

  /** The first thing that is said against it; what comes after only follows from it. */
  private reason({ code, stderr }: CommandResult): string {
    const said = stderr.split('\n').find((line) => line && !/^(time=|WARN)/.test(line));
    return said?.replace(/^Error:\s*/, '') ?? `exit code ${code}`;
  }

  private run(args: readonly string[], timeout?: number): Promise<CommandResult> {
    return runCommand(this.name, args, { env: this.options.variables, timeout });
  }
}
