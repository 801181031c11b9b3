import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from './bench-error';
import { type Runner } from './runner';

/** Runs an image of the service until its health answers: what does not run has not been shipped. */
export async function assertHealthy(runner: Runner, image: string, port: number): Promise<void> {
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    SESSION_SECRET: randomBytes(32).toString('base64'),
  };
  const variables = Object.keys(env).flatMap((name) => ['--env', name]);
  const args = ['run', '--detach', '--network=host', ...variables, image];
  const id = (await runner.run({ label: 'run', file: 'docker', args, cwd: '/', env })).trim();
  try {
    await untilHealthy(`http://127.0.0.1:${port}/health/live`, 30_000);
  } catch (cause) {
    const { output } = await runner.attempt({
      label: 'logs',
      file: 'docker',
      args: ['logs', id],
      cwd: '/',
    });
    throw new BenchError('NOT_HEALTHY', `${image} does not become healthy:\n${output}`, { cause });
  } finally {
    await runner.unstoppable().call('docker', ['rm', '--force', '--volumes', id]);
  }
}

async function untilHealthy(url: string, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const answer = await fetch(url).catch((error: unknown) => error);
    if (answer instanceof Response && answer.ok) return;
    if (performance.now() > deadline) throw new Error(`${url} gives no 200`, { cause: answer });
    await sleep(100);
  }
}
