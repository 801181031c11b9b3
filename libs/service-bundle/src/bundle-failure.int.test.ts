import { cjs, shapes } from '../test/sample-packages';
import { sampleWorkspaces, type Sources } from '../test/sample-workspace';
import { readBundle } from './bundle-file';

const create = sampleWorkspaces();

describe('a mistake', () => {
  it.each<[string, Sources, object, string, RegExp]>([
    [
      'a package that is not installed',
      { 'app/main.ts': `\nimport { a } from 'absent'; console.log(a);` },
      {},
      'BUNDLE_FAILED',
      /app\/main\.ts:2:19: Could not resolve "absent"[\s\S]*Install/,
    ],
    [
      'a syntax error',
      { 'app/main.ts': 'const = 1;' },
      {},
      'BUNDLE_FAILED',
      /app\/main\.ts:1:7: Expected identifier/,
    ],
    [
      'a name that a package does not have',
      { ...shapes, 'app/main.ts': `import { Triangle } from 'shapes'; new Triangle();` },
      {},
      'BUNDLE_FAILED',
      /No matching export in "node_modules\/shapes\/index\.js" for import "Triangle"/,
    ],
    [
      'a native addon',
      {
        ...cjs('native', { 'index.js': `require('./a.node')`, 'a.node': '' }),
        'app/main.ts': `import 'native';`,
      },
      {},
      'BUNDLE_FAILED',
      /native addon/,
    ],
    ['no main module', {}, {}, 'MAIN_MISSING', /main\.ts is not there/],
    [
      'an asset that is not there',
      { 'app/main.ts': '' },
      { assets: [{ from: 'absent', to: 'service/a' }] },
      'ASSET_MISSING',
      /absent is not there/,
    ],
    [
      'an asset without a place',
      { 'app/main.ts': '' },
      { assets: [{ from: 'app', to: 'service/../../a' }] },
      'ASSET_INVALID',
      /service\//,
    ],
    [
      'settings of esbuild that are none',
      { 'app/main.ts': '', 'app/e.js': 'module.exports = { minify: true };' },
      { esbuildConfig: 'app/e.js' },
      'ESBUILD_CONFIG_INVALID',
      /minify/,
    ],
    [
      'no compiler for metadata',
      { 'app/main.ts': '', 'package.json': {} },
      { decoratorMetadata: true },
      'SWC_MISSING',
      /npm install/,
    ],
  ])(
    '%s is named with what to do, and the bundle before stands',
    async (_what, sources, options, code, message) => {
      const workspace = await create(sources);
      await workspace.write({ 'dist/app/bundle.json': '{}' });
      const failed = (async () => workspace.bundle(options))();
      await expect(failed).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      expect(await workspace.hashes()).toHaveProperty(['bundle.json']);
    },
  );

  it('a folder without a bundle is told from one', async () => {
    const workspace = await create({});
    await expect(readBundle(workspace.root)).rejects.toMatchObject({ code: 'NOT_BUNDLED' });
  });
});
