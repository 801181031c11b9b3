import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from './bench-error';
import { measure, type Measured, type Meters } from './measure';
import { type Registry } from './registry';
import { type Way } from './ways/way';
import { type Runner } from './runner';

export const phases = ['first build', 'code change', 'no change'] as const;
export type Phase = (typeof phases)[number];

export interface Figures {
  readonly way: string;
  readonly phases: Readonly<Record<Phase, Measured[]>>;
}

export interface Bench extends Meters {
  readonly registry: Registry;
  readonly log: (message: string) => void;
}

/** Measures all ways in turn, so that other load of the machine affects all of them. */
export async function measureWays(
  bench: Bench,
  ways: readonly Way[],
  rounds: number,
): Promise<Figures[]> {
  const figures = ways.map((way) => ({
    way: way.name,
    phases: { 'first build': [], 'code change': [], 'no change': [] } as Record<Phase, Measured[]>,
  }));
  for (const phase of phases) {
    for (let round = 1; round <= rounds; round += 1) {
      // Every other round in the opposite order, so that none always follows the same one.
      const turns = [...ways.entries()];
      for (const [index, way] of round % 2 ? turns : turns.reverse()) {
        if (phase === 'first build' && round > 1 && !way.repeatsFirstBuild) continue;
        bench.log(`${way.name}: ${phase} ${round} of ${rounds}`);
        const measured = await measurePhase(bench, way, phase, round);
        bench.log(`  ${measured.wall.toFixed(2)} s, ${measured.sent} bytes`);
        figures[index]?.phases[phase].push(measured);
      }
    }
  }
  return figures;
}

/** @throws BenchError `NOT_SHIPPED` if the registry does not contain the expected images */
async function measurePhase(
  bench: Bench,
  way: Way,
  phase: Phase,
  round: number,
): Promise<Measured> {
  if (phase === 'first build') await way.reset(round);
  if (phase === 'code change') await way.change(round);
  if (way.repository === undefined) return measure(bench, await way.commands());
  const before = await bench.registry.taggedImages(way.repository);
  const measured = await measure(bench, await way.commands());
  const after = await bench.registry.taggedImages(way.repository);
  const added = after.filter((digest) => !before.includes(digest)).length;
  if (added !== (phase === 'no change' ? 0 : 1)) {
    throw new BenchError(
      'NOT_SHIPPED',
      `${way.name}: after "${phase}" there are ${added} new images in ${way.repository}; before ${before.length}.`,
    );
  }
  if (phase === 'first build') {
    const image = `${bench.registry.host}/${way.repository}@${after.at(-1)}`;
    await assertHealthy(bench.runner, image, await freePort());
  }
  return measured;
}

/** A loopback port that is free now. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Runs an image until its health check succeeds: an image that does not run was not shipped. */
async function assertHealthy(runner: Runner, image: string, port: number): Promise<void> {
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
    const response = await fetch(url).catch((error: unknown) => error);
    if (response instanceof Response && response.ok) return;
    if (performance.now() > deadline)
      throw new Error(`${url} does not respond with 200`, { cause: response });
    await sleep(100);
  }
}
