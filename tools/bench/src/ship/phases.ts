import { BenchError } from './bench-error';
import { freePort } from './free-port';
import { measure, type Measured, type Meters } from './measure';
import { type Registry } from './registry';
import { assertHealthy } from './runs-healthy';
import { type Way } from './ways/way';

export const phases = ['first build', 'code change', 'no change'] as const;
export type Phase = (typeof phases)[number];

export interface Figures {
  readonly way: string;
  readonly phases: Readonly<Record<Phase, Measured[]>>;
}

export interface Bench extends Meters {
  readonly registry: Registry;
  readonly tell: (message: string) => void;
}

/** All ways through one phase after the other, so that what else the machine does falls on all of them. */
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
    for (let round = 1; round <= (phase === 'first build' ? 1 : rounds); round += 1) {
      for (const [index, way] of ways.entries()) {
        bench.tell(
          `${way.name}: ${phase}${phase === 'first build' ? '' : ` ${round} of ${rounds}`}`,
        );
        const measured = await measurePhase(bench, way, phase, round);
        bench.tell(`  ${measured.wall.toFixed(2)} s, ${measured.sent} bytes`);
        figures[index]?.phases[phase].push(measured);
      }
    }
  }
  return figures;
}

/** @throws BenchError `NOT_SHIPPED` where the registry does not hold what the phase is to leave there */
async function measurePhase(
  bench: Bench,
  way: Way,
  phase: Phase,
  round: number,
): Promise<Measured> {
  if (phase === 'first build') await way.reset();
  if (phase === 'code change') await way.change(round);
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
