import fc from 'fast-check';
import { duplicatePackages } from './duplicate-packages';
import { type LockedPackages } from './package-lock';

type Locked = LockedPackages[string];
const locked = (version: string, dependencies: Record<string, string> = {}): Locked => ({
  version,
  integrity: `sha512-${version}`,
  dependencies,
  optionalDependencies: {},
  peerDependencies: {},
  peerDependenciesMeta: {},
});

describe('duplicatePackages', () => {
  it('replaces copies of one version whose dependencies are the same', () => {
    const types = locked('3.0.0', { db: '^1.54.0' });
    const copies = duplicatePackages({
      'node_modules/db': locked('1.52.0'),
      'node_modules/types': locked('2.0.0', { db: '1.52.0' }),
      'node_modules/a/node_modules/types': types,
      'node_modules/a/node_modules/db': locked('1.54.0'),
      'node_modules/b/node_modules/types': types,
      'node_modules/b/node_modules/db': locked('1.54.0'),
    });
    expect(Object.fromEntries(copies)).toEqual({
      'node_modules/b/node_modules/types': 'node_modules/a/node_modules/types',
      'node_modules/b/node_modules/db': 'node_modules/a/node_modules/db',
    });
  });

  it('keeps copies whose dependencies differ', () => {
    const copies = duplicatePackages({
      'node_modules/db': locked('1.0.0'),
      'node_modules/types': locked('1.0.0', { db: '*' }),
      'libs/a/node_modules/types': locked('1.0.0', { db: '*' }),
      'libs/a/node_modules/db': locked('2.0.0'),
    });
    expect(copies.size).toBe(0);
  });

  it('ends at a cycle of dependencies, and keeps its packages', () => {
    const copies = duplicatePackages({
      'node_modules/x/node_modules/a': locked('1.0.0', { b: '*' }),
      'node_modules/x/node_modules/b': locked('1.0.0', { a: '*' }),
      'node_modules/y/node_modules/a': locked('1.0.0', { b: '*' }),
      'node_modules/y/node_modules/b': locked('1.0.0', { a: '*' }),
    });
    expect(copies.size).toBeLessThanOrEqual(2);
  });

  it('replaces a copy only by one of the same name and version that is not replaced itself', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const folder = fc
      .array(name, { minLength: 1, maxLength: 3 })
      .map((names) => names.map((one) => `node_modules/${one}`).join('/'));
    const version = fc.constantFrom('1', '2');
    // The dependencies of a package are part of its content: the same for every copy.
    const identity = fc.tuple(name, version).map((parts) => parts.join('@'));
    const needs = fc.dictionary(identity, fc.uniqueArray(name));
    fc.assert(
      fc.property(fc.dictionary(folder, version, { maxKeys: 12 }), needs, (tree, needed) => {
        const packages = Object.fromEntries(
          Object.entries(tree).map(([at, of]) => {
            const names = needed[`${at.split('/').at(-1)}@${of}`] ?? [];
            return [at, locked(of, Object.fromEntries(names.map((need) => [need, '*'])))];
          }),
        );
        const copies = duplicatePackages(packages);
        for (const [copy, original] of copies) {
          expect(copies.has(original)).toBe(false);
          expect(original.split('/').at(-1)).toBe(copy.split('/').at(-1));
          expect(packages[original]?.version).toBe(packages[copy]?.version);
        }
      }),
    );
  });
});
