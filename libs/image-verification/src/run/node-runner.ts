import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type CommandOptions, runCommand } from '@typerush/child-process';
import { type RunConfig } from '@typerush/oci';
import { writeRootFs } from '../layers/root-fs';
import { atExit } from './at-exit';
import {
  healthTimeoutMs,
  type ImageRunner,
  type RunnableImage,
  RunnerFailure,
  type RunningImage,
} from './image-runner';

/** Runs the layers above the base image with the Node of this machine, if there is no container runtime. */
export class NodeRunner implements ImageRunner {
  readonly name = 'node';
  readonly lacks =
    'The base image was not run: the Node of this machine ran the layers above it, as your user, with a writable file system.';

  async detect({ run }: RunnableImage): Promise<string | undefined> {
    const [program] = commandOf(run);
    if (program && path.posix.basename(program) === 'node') return undefined;
    return `the image starts ${program ?? 'nothing'}, and only node can be started without a container`;
  }

  async start(image: RunnableImage): Promise<RunningImage> {
    const folder = await mkdtemp(path.join(tmpdir(), 'verify-image-'));
    const root = path.join(folder, 'root');
    let child: ChildProcess | undefined;
    const undo = () => {
      child?.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    };
    const forget = atExit(undo);
    const remove = () => {
      forget();
      undo();
    };
    try {
      await writeRootFs(image.files, root);
      const port = await portFor(image);
      const options = {
        cwd: path.join(root, image.run.WorkingDir || '/'),
        env: environmentOf(image, { PORT: String(port), HOST: '127.0.0.1' }),
      };
      const stopSignal = signalOf(image.run.StopSignal);
      const preload = path.join(folder, 'first-process.cjs');
      await writeFile(preload, asFirstProcess(stopSignal));
      const [, ...args] = commandOf(image.run).map((argument) => locate(argument, image, root));
      child = spawn(process.execPath, ['--require', preload, ...args], {
        ...options,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return runningProcess(child, { port, stopSignal, options, remove });
    } catch (error) {
      remove();
      throw error;
    }
  }
}

/** No program can handle them: https://man7.org/linux/man-pages/man7/signal.7.html */
const fatalSignals: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGSTOP'];

/**
 * A script that gives the stop signal the effect that it has in a container. The program is process 1 there, which a signal
 * without a handler does not end: an image that ignores its stop signal has to be killed, and one that closes and then sends
 * the signal to itself again, as Nest does, ends by itself. The script changes neither child processes, which inherit
 * `process.execArgv`, nor worker threads. https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
 */
const asFirstProcess = (stopSignal: NodeJS.Signals) =>
  fatalSignals.includes(stopSignal)
    ? ''
    : `
if (process.ppid === ${process.pid} && require('node:worker_threads').isMainThread) {
  process.execArgv.splice(process.execArgv.indexOf('--require'), 2);
  process.on('${stopSignal}', () => {});
}
`;

/** A free port if the image reads PORT, otherwise its own port. @throws RunnerFailure if that is taken */
async function portFor(image: RunnableImage): Promise<number> {
  if ('PORT' in environmentOf(image)) return freePort();
  return freePort(image.port).catch((cause: unknown) => {
    throw new RunnerFailure(
      `port ${image.port} is taken on this machine, and the image has no variable PORT to change it`,
      { cause },
    );
  });
}

/** An absolute path in the image, as a path in the folder that is its root. */
function locate(argument: string, { files }: RunnableImage, root: string): string {
  return files.some(({ path: target }) => target === argument)
    ? path.join(root, argument)
    : argument;
}

/** A free port of 127.0.0.1, or the given one. @throws Error if that is taken */
async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The entry point of Node's official images: it runs its arguments. */
const nodeEntrypoint = 'docker-entrypoint.sh';

/** The command that the image starts. */
export function commandOf({ Entrypoint, Cmd }: RunConfig): string[] {
  const entrypoint = (Entrypoint ?? []).filter((each) => each !== nodeEntrypoint);
  return [...entrypoint, ...(Cmd ?? [])];
}

/** The variables of the image and of the run, with the given address if the image has variables for it. */
export function environmentOf(
  { run, env }: RunnableImage,
  address: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = Object.fromEntries(
    (run.Env ?? []).map((pair) => {
      const [name = ''] = pair.split('=', 1);
      return [name, pair.slice(name.length + 1)];
    }),
  );
  const supported = Object.entries(address).filter(([name]) => name in own);
  return { ...own, ...env, ...Object.fromEntries(supported) };
}

interface Started {
  readonly port: number;
  readonly stopSignal: NodeJS.Signals;
  /** Working directory and environment. */
  readonly options: CommandOptions;
  readonly remove: () => void;
}

/** The program of an image as a process of this machine. */
function runningProcess(child: ChildProcess, started: Started): RunningImage {
  const { port, stopSignal, options, remove } = started;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = new Promise<number>((resolve) => {
    child.on('error', ({ message }) => {
      output += message;
      resolve(127);
    });
    child.on('close', (code, signal) => resolve(code ?? exitCodeOf(signal)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    startedAt: Date.now(),
    ended,
    logs: async () => output,
    run: ([kind, ...command]) => {
      const [program = '', ...args] = kind === 'CMD-SHELL' ? ['sh', '-c', ...command] : command;
      const file = program === 'node' ? process.execPath : program;
      return runCommand(file, args, { ...options, timeout: healthTimeoutMs });
    },
    processStatus: async () => undefined,
    stop: async (seconds) => {
      child.kill(stopSignal);
      const late = Symbol('late');
      const first = await Promise.race([ended, wait(seconds * 1_000, late, { ref: false })]);
      if (first !== late) return { killed: false };
      child.kill('SIGKILL');
      await ended;
      return { killed: true };
    },
    remove,
  };
}

/** As shells report a signal. */
const exitCodeOf = (signal: NodeJS.Signals | null) =>
  128 + (signal ? constants.signals[signal] : 0);

/** `SIGTERM`, `TERM` or a number. */
function signalOf(text: string | null | undefined): NodeJS.Signals {
  const name = text?.replace(/^(?!SIG|\d)/, 'SIG');
  const found = Object.entries(constants.signals).find(
    ([known, number]) => known === name || String(number) === name,
  );
  return (found?.[0] as NodeJS.Signals | undefined) ?? 'SIGTERM';
}
