import { nxDocker } from './nx-docker';
import { ours } from './ours';
import { seed } from './seed';
import { type Setting, type Way } from './way';

const makers: Readonly<Record<string, (setting: Setting) => Promise<Way>>> = {
  'ours, oci': (setting) => ours(setting, { engine: 'oci', daemon: true }),
  'ours, oci, no daemon': (setting) => ours(setting, { engine: 'oci', daemon: false }),
  'ours, docker': (setting) => ours(setting, { engine: 'docker', daemon: true }),
  "the seed's, tsc": (setting) => seed(setting, 'tsc'),
  "the seed's, esbuild": (setting) => seed(setting, 'esbuild'),
  "Nx's docker plugin": (setting) => nxDocker(setting, false),
  "Nx's docker plugin, bundled": (setting) => nxDocker(setting, true),
};

/** @param parts Of the names of the ways that are wanted; of none, all. */
export async function createWays(setting: Setting, parts: readonly string[]): Promise<Way[]> {
  const ways: Way[] = [];
  for (const [name, make] of Object.entries(makers)) {
    if (parts.length > 0 && !parts.some((part) => name.includes(part))) continue;
    ways.push(await make(setting));
  }
  return ways;
}
