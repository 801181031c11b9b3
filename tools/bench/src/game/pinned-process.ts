import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../ship/bench-error';

/** Whether server and generator each have a core of their own. */
export const arePinned = existsSync('/usr/bin/taskset') && availableParallelism() > 1;

const running = new Set<ChildProcess>();

/** Ends what is running when the bench is stopped. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const child of running) child.kill('SIGKILL');
      process.exit(1);
    });
  }
}

/** Starts a program on one core, if the machine can do that. */
export function startPinned(
  core: number,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> } {
  const node = [process.execPath, ...args];
  // taskset becomes the program: the process has its id.
  const [command = '', ...rest] = arePinned ? ['taskset', '-c', String(core), ...node] : node;
  const child = spawn(command, rest, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Waits until a server accepts connections. @throws BenchError `SERVER_DOWN` */
export async function untilListening(server: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (server.exitCode !== null) break;
    if (await accepts(port)) return;
    await sleep(100);
  }
  throw new BenchError(
    'SERVER_DOWN',
    `Cannot measure: the server on port ${port} does not accept connections.\n` +
      'Fix: read its output above; another program may use the port.',
  );
}

/** Ends a program that `startPinned` has started. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
