import { readdir, readFile } from 'node:fs/promises';

/** USER_HZ of the kernel, which is 100 on all platforms of Node on Linux. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const ticksPerSecond = 100;

/** A variable in the environment of all processes that the bench starts, which their children inherit. */
export const marker = 'TYPERUSH_BENCH';

/**
 * Processor time of the bench's programs so far, in seconds: of ended ones, which the kernel adds to their parents, and of
 * running ones, such as Nx's daemon.
 */
export async function treeTime(mark: string): Promise<number> {
  const own = await readStat(process.pid);
  const alive = await Promise.all((await markedProcesses(mark)).map(readStat));
  return seconds((own?.children ?? 0) + alive.reduce(addAll, 0));
}

/** The same of Docker's daemon with its builds; null if none runs on this machine. */
export async function dockerTime(): Promise<number | null> {
  const names = ['dockerd', 'containerd'];
  const found = await Promise.all(
    (await processIds()).map(async (pid) =>
      names.includes((await read(pid, 'comm')).trim()) ? readStat(pid) : undefined,
    ),
  );
  const daemons = found.filter((stat) => stat !== undefined);
  return daemons.length ? seconds(daemons.reduce(addAll, 0)) : null;
}

/** Of one running process with all its threads, in seconds. */
export async function processTime(pid: number): Promise<number> {
  return seconds((await readStat(pid))?.self ?? NaN);
}

/** Resident memory of a running process, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(await read(pid, 'status')) ?? [];
  return Number(kilobytes) * 1_024;
}

/** The running processes that a bench with this mark has started. */
export async function markedProcesses(mark: string): Promise<number[]> {
  const found = await Promise.all(
    (await processIds()).map(async (pid) => {
      const environment = (await read(pid, 'environ')).split('\0');
      return environment.includes(`${marker}=${mark}`) ? [pid] : [];
    }),
  );
  return found.flat().filter((pid) => pid !== process.pid);
}

interface Stat {
  readonly self: number;
  /** Of its ended children, including theirs. */
  readonly children: number;
}

async function readStat(pid: number): Promise<Stat | undefined> {
  const text = await read(pid, 'stat');
  // The second field, the program's name, may contain anything: the others follow its last parenthesis.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [utime = NaN, stime = NaN, cutime = NaN, cstime = NaN] = fields.slice(11, 15);
  return Number.isNaN(cstime) ? undefined : { self: utime + stime, children: cutime + cstime };
}

const addAll = (sum: number, stat: Stat | undefined) =>
  sum + (stat ? stat.self + stat.children : 0);

const seconds = (ticks: number) => ticks / ticksPerSecond;

async function processIds(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Empty for a process that has ended, or of another user. */
const read = (pid: number, file: string) =>
  readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
