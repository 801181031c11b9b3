import { developmentOptionals } from './optional-packages';
import { type LockedPackages } from './package-lock';

type Entry = Partial<LockedPackages[string]>;

const locked = (entries: Record<string, Entry>): LockedPackages =>
  Object.fromEntries(
    Object.entries(entries).map(([folder, entry]) => [
      folder,
      {
        dependencies: {},
        optionalDependencies: {},
        peerDependencies: {},
        peerDependenciesMeta: {},
        ...entry,
      },
    ]),
  );

const optional = { peerDependenciesMeta: { colors: { optional: true } } };
const leftOut = (entries: Record<string, Entry>) =>
  [...developmentOptionals(locked(entries))].map(([folder, names]) => [folder, ...names]);

describe('developmentOptionals', () => {
  it('finds optional peers and optional dependencies that only development installs', () => {
    expect(
      leftOut({
        'node_modules/log': optional,
        'node_modules/watch': { optionalDependencies: { colors: '1' } },
        'node_modules/colors': { dev: true },
      }),
    ).toEqual([
      ['node_modules/log', 'colors'],
      ['node_modules/watch', 'colors'],
    ]);
  });

  it('skips packages that another package needs, in any folder', () => {
    expect(leftOut({ 'node_modules/log': optional, 'node_modules/colors': {} })).toEqual([]);
    expect(
      leftOut({
        'node_modules/log': optional,
        'node_modules/colors': { dev: true },
        'node_modules/print/node_modules/colors': {},
      }),
    ).toEqual([]);
  });

  it('skips required packages, and those that are not installed', () => {
    expect(
      leftOut({
        'node_modules/log': { dependencies: { colors: '1' } },
        'node_modules/colors': { dev: true },
        'node_modules/other': { peerDependenciesMeta: { absent: { optional: true } } },
      }),
    ).toEqual([]);
  });
});
