import { setTimeout as sleep } from 'node:timers/promises';
import { markedProcesses } from './processor-time';

/** Ends the processes that the bench with this mark has started, including background ones such as Nx's daemons. */
export async function endProcesses(mark: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const pid of await markedProcesses(mark)) kill(pid, signal);
    for (let n = 0; n < 50 && (await markedProcesses(mark)).length > 0; n += 1) await sleep(100);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already ended.
  }
}
