import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return middle.reduce<number>((sum, value = NaN) => sum + value / 2, 0);
}

interface Program {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to PATH. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs Node to its end and discards its standard output. @throws Error with its standard error if it fails */
export async function runNode({ args, cwd, env }: Program, path: string): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: path, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with exit code ${code}:\n${errors}`);
}
