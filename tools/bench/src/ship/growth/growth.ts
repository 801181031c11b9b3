import { type Options } from '../options';
import { type Bench } from '../phases';
import { type Setting } from '../ways/way';
import { growNxDocker } from './grow-nx-docker';
import { growOurs } from './grow-ours';
import { type Growth, measureGrowth } from './measure-growth';

/** Generated workspaces one after the other, into `found`. */
export async function measureAllGrowth(
  setting: Setting,
  bench: Bench,
  { growth, peerGrowth, rounds }: Options,
  found: Growth[],
): Promise<void> {
  for (const [grow, sizes] of [
    [growOurs, growth],
    [growNxDocker, peerGrowth],
  ] as const) {
    for (const services of sizes) {
      const workspace = await grow(setting, services);
      try {
        found.push(await measureGrowth(bench, workspace, rounds));
      } finally {
        await workspace.copy.stop();
      }
    }
  }
}
