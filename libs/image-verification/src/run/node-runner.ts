import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeRootFs } from '../layers/root-fs';
import { atExit } from './at-exit';
import { commandOf, environmentOf } from './run-config';
import { freePort } from './free-port';
import {
  type ImageRunner,
  type RunnableImage,
  RunnerFailure,
  type RunningImage,
} from './image-runner';
import { NodeProcess } from './node-process';

/** Runs what is above the base with this machine's Node: where there is no container runtime. */
export class NodeRunner implements ImageRunner {
  readonly name = 'node';
  readonly lacks =
    'The base was not run: this machine’s Node ran what is above it, as you, with a file system that it can write to.';

  async detect({ run }: RunnableImage): Promise<string | undefined> {
    const [program] = commandOf(run);
    if (program && path.posix.basename(program) === 'node') return undefined;
    return `the image starts ${program ?? 'nothing'}, and without a container only node can be started`;
  }

  async start(image: RunnableImage): Promise<RunningImage> {
    const root = await mkdtemp(path.join(tmpdir(), 'verify-image-'));
    let child: ChildProcess | undefined;
    const undo = () => {
      child?.kill('SIGKILL');
      rmSync(root, { recursive: true, force: true });
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
      const [, ...args] = commandOf(image.run).map((argument) => locate(argument, image, root));
      child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
      const { StopSignal: stopSignal } = image.run;
      return new NodeProcess(child, { port, stopSignal, options, remove });
    } catch (error) {
      remove();
      throw error;
    }
  }
}

/** One that is free, where the image takes it from PORT; else its own. @throws RunnerFailure where that is taken */
async function portFor(image: RunnableImage): Promise<number> {
  if ('PORT' in environmentOf(image)) return freePort();
  return freePort(image.port).catch((cause: unknown) => {
    throw new RunnerFailure(
      `port ${image.port} is taken on this machine, and the image has no variable PORT to give it another`,
      { cause },
    );
  });
}

/** An absolute path into the image leads into the folder that stands for its root. */
function locate(argument: string, { files }: RunnableImage, root: string): string {
  return files.some(({ path: target }) => target === argument)
    ? path.join(root, argument)
    : argument;
}
