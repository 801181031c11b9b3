import { appendFile } from 'node:fs/promises';
import { measure, type Measured } from '../measure';
import { type Bench } from '../phases';
import { type Command } from '../runner';
import { codeLine } from '../ways/way';
import { type WorkspaceCopy } from '../workspace-copy';
import { mainOf } from './generated-services';

/** A workspace of generated services, and the commands to run in it. */
export interface GrownWorkspace {
  readonly copy: WorkspaceCopy;
  readonly way: string;
  readonly services: number;
  /** The commands that push what the last commit has changed: one service, or none. */
  readonly push: { readonly changed: readonly Command[]; readonly unchanged: readonly Command[] };
}

export interface Growth {
  readonly way: string;
  readonly services: number;
  /** Rounds in which one service has changed. */
  readonly change: Measured[];
  /** Rounds without a change. */
  readonly none: Measured[];
}

export async function measureGrowth(
  bench: Bench,
  { copy, way, services, push }: GrownWorkspace,
  rounds: number,
): Promise<Growth> {
  const change: Measured[] = [];
  const none: Measured[] = [];
  const touch = async (round: number) => {
    await appendFile(copy.path(mainOf(1)), codeLine(round));
    await copy.commit(`feat: change ${round}`);
  };
  const label = `${services} services, ${way}`;
  bench.log(`${label}: the first push of one`);
  await touch(0);
  await measure(bench, push.changed);
  for (let round = 1; round <= rounds; round += 1) {
    bench.log(`${label}: round ${round} of ${rounds}`);
    await touch(round);
    change.push(await measure(bench, push.changed));
    await appendFile(copy.path('README.md'), '\n');
    await copy.commit('docs: add a line');
    none.push(await measure(bench, push.unchanged));
  }
  return { way, services, change, none };
}
