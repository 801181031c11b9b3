import { developmentOptionals } from './development-optionals';
import { type LockedPackages } from './same-version';

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

describe('what a package can do without and only development has', () => {
  it('is an optional peer or an optional dependency', () => {
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

  it('is none that something else needs, in whatever folder', () => {
    expect(leftOut({ 'node_modules/log': optional, 'node_modules/colors': {} })).toEqual([]);
    expect(
      leftOut({
        'node_modules/log': optional,
        'node_modules/colors': { dev: true },
        'node_modules/print/node_modules/colors': {},
      }),
    ).toEqual([]);
  });

  it('is none that a package cannot do without, or that is not installed', () => {
    expect(
      leftOut({
        'node_modules/log': { dependencies: { colors: '1' } },
        'node_modules/colors': { dev: true },
        'node_modules/other': { peerDependenciesMeta: { absent: { optional: true } } },
      }),
    ).toEqual([]);
  });
});
