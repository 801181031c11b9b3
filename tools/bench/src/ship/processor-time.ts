import { readdir, readFile } from 'node:fs/promises';

/** Of the kernel's USER_HZ, which is 100 wherever Node runs on Linux. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const ticksPerSecond = 100;

/** A variable in the environment of whatever the bench starts, and so of what these processes start. */
export const marker = 'TYPERUSH_BENCH';

/**
 * Seconds of processor that the bench's programs have taken so far: of the ones that have ended, as the kernel adds
 * them up for their parents, and of the ones that go on, such as Nx's daemon.
 */
export async function treeTime(mark: string): Promise<number> {
  const own = await readStat(process.pid);
  const alive = await Promise.all((await markedProcesses(mark)).map(readStat));
  return seconds((own?.children ?? 0) + alive.reduce(addAll, 0));
}

/** The same of Docker's daemon, with all that builds in it; null where none runs on this machine. */
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

/** The processes that a bench with this mark has started and that have not ended. */
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
  /** Of children that have ended and been waited for, with theirs. */
  readonly children: number;
}

async function readStat(pid: number): Promise<Stat | undefined> {
  const text = await read(pid, 'stat');
  // The second field, the program's name, may hold anything: what follows is counted from its last parenthesis.
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

/** Empty for a process that has ended, or that is another's. */
const read = (pid: number, file: string) =>
  readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
