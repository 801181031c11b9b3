import { parseBunLock } from './bun-lock';
import { duplicatePackages } from './duplicate-packages';

const lock = `{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "acme" }, "apps/api": { "name": "@acme/api" } },
  "packages": {
    "@acme/api": ["@acme/api@workspace:apps/api"],
    "a": ["a@1.0.0", "", { "dependencies": { "copied": "^2.0.0" } }, "sha512-a"],
    "@b/b": ["@b/b@1.0.0", "", { "dependencies": { "copied": "^2.0.0" }, "peerDependencies": { "x": "*" }, "optionalPeers": ["x"] }, "sha512-b"],
    "copied": ["copied@1.0.0", "", {}, "sha512-1"],
    "a/copied": ["copied@2.0.0", "", {}, "sha512-2"],
    "@b/b/copied": ["copied@2.0.0", "", {}, "sha512-2"],
    "@acme/api/copied": ["copied@2.0.0", "", {}, "sha512-2"],
  },
}`;

describe('parseBunLock', () => {
  it('finds the folder, version, integrity and requirements of each package', () => {
    const locked = parseBunLock(lock);
    expect(Object.keys(locked)).toEqual([
      'node_modules/a',
      'node_modules/@b/b',
      'node_modules/copied',
      'node_modules/a/node_modules/copied',
      'node_modules/@b/b/node_modules/copied',
      'apps/api/node_modules/copied',
    ]);
    expect(locked['node_modules/@b/b']).toMatchObject({
      version: '1.0.0',
      integrity: 'sha512-b',
      dependencies: { copied: '^2.0.0' },
      peerDependenciesMeta: { x: { optional: true } },
    });
  });

  it('makes copies of one version visible, of which a bundle needs one', () => {
    expect([...duplicatePackages(parseBunLock(lock))]).toEqual([
      ['node_modules/a/node_modules/copied', 'apps/api/node_modules/copied'],
      ['node_modules/@b/b/node_modules/copied', 'apps/api/node_modules/copied'],
    ]);
  });
});
