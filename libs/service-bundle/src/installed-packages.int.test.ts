import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readInstalledPackages } from './installed-packages';

describe('readInstalledPackages', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'installed-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lists each version once, without own, linked and development packages', async () => {
    const packages = {
      '': { name: 'workspace', version: '1.0.0' },
      'apps/api': { name: 'api', version: '1.0.0' },
      'node_modules/api': { resolved: 'apps/api', link: true },
      'node_modules/ms': { version: '2.1.3' },
      'node_modules/@scope/one': { version: '1.0.0' },
      'node_modules/@scope/one/node_modules/ms': { version: '2.0.0' },
      'apps/api/node_modules/ms': { version: '2.0.0' },
      'node_modules/jest': { version: '30.0.0', dev: true },
    };
    const lock = JSON.stringify({ lockfileVersion: 3, packages });
    await writeFile(path.join(folder, 'package-lock.json'), lock);
    expect(await readInstalledPackages(folder)).toEqual([
      { name: 'ms', version: '2.1.3' },
      { name: '@scope/one', version: '1.0.0' },
      { name: 'ms', version: '2.0.0' },
    ]);
  });

  it('lists nothing without a lock file of npm or bun', async () => {
    expect(await readInstalledPackages(folder)).toEqual([]);
  });
});
