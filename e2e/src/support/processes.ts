import { readdir, readFile } from 'node:fs/promises';
import { runOk } from './run';

/** The processes that have `marker` in their environment, whatever their parent is. */
export async function processesWith(marker: string): Promise<number[]> {
  const pids = process.platform === 'linux' ? await fromProc(marker) : await fromPs(marker);
  return pids.filter((pid) => pid !== process.pid);
}

// https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html
async function fromProc(marker: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.includes(marker) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** macOS: `-E` adds the environment to the command. */
async function fromPs(marker: string): Promise<number[]> {
  const lines = (await runOk('ps', ['-axEww', '-o', 'pid=,command='])).split('\n');
  return lines.filter((line) => line.includes(marker)).map((line) => Number.parseInt(line, 10));
}
