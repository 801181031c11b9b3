import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessGroup } from './process-group';
import { quietNx, type Program } from './programs';
import { StartError } from './start-error';

const readyTimeoutMs = 60_000;

/** The processes that this start runs, so that all of them end with it. */
export class Stack {
  private readonly running: ProcessGroup[] = [];
  private stopped?: Promise<void>;

  /**
   * @param root the workspace
   * @param env the environment that every child inherits
   * @param logFolder of the output of the children, relative to the workspace
   */
  constructor(
    private readonly root: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly logFolder: string,
  ) {}

  /** Runs one Nx command to its end. @throws StartError COMMAND_FAILED with the end of its output. */
  async nx(name: string, args: string[], env: Record<string, string> = {}): Promise<void> {
    const group = this.launch(name, [join(this.root, 'node_modules/.bin/nx'), ...args], {
      ...quietNx,
      ...env,
    });
    const code = await group.exited;
    this.running.splice(this.running.indexOf(group), 1);
    if (code === 0) return;
    this.refuseWhenStopping();
    throw new StartError(
      'COMMAND_FAILED',
      `\`nx ${args.join(' ')}\` failed (exit code ${code}):\n${await group.tail(40)}\n` +
        `The whole output is in ${group.command.logFile}.`,
    );
  }

  /** Starts a program and resolves when it is ready. @throws StartError NOT_READY with the end of its output. */
  async run(program: Program): Promise<void> {
    const { name, script, args, env } = program;
    const command = [process.execPath, join(this.root, script), ...args] as const;
    const group = this.launch(name, command, env);
    let ended = false;
    void group.exited.then(() => (ended = true));
    const deadline = Date.now() + readyTimeoutMs;
    while (!(await answers(`http://127.0.0.1:${program.port}${program.readyPath}`))) {
      this.refuseWhenStopping();
      const failed = ended || (await reportsFailure(group));
      if (!failed && Date.now() < deadline) {
        await sleep(100);
        continue;
      }
      const what = failed ? 'ended' : `did not become ready within ${readyTimeoutMs / 1000} s`;
      throw new StartError(
        'NOT_READY',
        `${name} ${what}:\n${await group.tail()}\nIts output is in ${group.command.logFile}.`,
      );
    }
  }

  /** Resolves with the name of the first program that ends by itself. */
  async firstToEnd(): Promise<string> {
    return Promise.race(this.running.map((group) => group.exited.then(() => group.command.name)));
  }

  /** Stops everything, last started first. Safe to call again. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    for (const group of [...this.running].reverse()) await group.stop();
  }

  private launch(
    name: string,
    argv: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
  ) {
    this.refuseWhenStopping();
    const group = ProcessGroup.start({
      name,
      argv,
      env: { ...this.env, ...env },
      logFile: join(this.root, this.logFolder, `${name}.log`),
    });
    this.running.push(group);
    return group;
  }

  private refuseWhenStopping(): void {
    if (this.stopped) throw new StartError('STOPPED', 'Stopped before everything was ready.');
  }
}

/** A watcher outlives a service that cannot start, and waits for a change. Each service logs why it ends as fatal, or after its name. */
async function reportsFailure(group: ProcessGroup): Promise<boolean> {
  const lines = (await group.tail()).split('\n');
  return lines.some(
    (line) => line.startsWith(`${group.command.name}: `) || line.includes('"level":"fatal"'),
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
