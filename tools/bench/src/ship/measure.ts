import { type Command, type Runner } from './runner';
import { dockerTime, treeTime } from './processor-time';

interface Step {
  readonly label: string;
  readonly seconds: number;
}

export interface Measured {
  /** From the first command's start to the last one's end. */
  readonly wall: number;
  /** Processor time of all started programs including Nx's daemon, in seconds. */
  readonly cpu: number;
  /** The same of Docker's daemon and its builds; null without one on this machine. */
  readonly dockerCpu: number | null;
  /** Bytes sent to the registry. */
  readonly sent: number;
  readonly steps: readonly Step[];
}

export interface Meters {
  readonly runner: Runner;
  readonly mark: string;
  readonly proxy: { readonly sent: number };
}

/** Runs the commands in sequence. */
export async function measure(
  { runner, mark, proxy }: Meters,
  commands: readonly Command[],
): Promise<Measured> {
  const before = await read(mark, proxy);
  const steps: Step[] = [];
  for (const command of commands) {
    const start = performance.now();
    await runner.run(command);
    steps.push({ label: command.label, seconds: (performance.now() - start) / 1000 });
  }
  const after = await read(mark, proxy);
  return {
    wall: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    cpu: after.cpu - before.cpu,
    dockerCpu:
      after.dockerCpu === null || before.dockerCpu === null
        ? null
        : after.dockerCpu - before.dockerCpu,
    sent: after.sent - before.sent,
    steps,
  };
}

async function read(mark: string, proxy: { readonly sent: number }) {
  return { cpu: await treeTime(mark), dockerCpu: await dockerTime(), sent: proxy.sent };
}
