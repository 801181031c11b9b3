import { cjs, shapes } from '../test/sample-packages';
import { sampleWorkspaces, type Sources } from '../test/sample-workspace';
import { readBundle } from './bundle';

const create = sampleWorkspaces();

describe('bundleService', () => {
  it.each<[string, Sources, object, string, RegExp]>([
    [
      'a package that is not installed',
      { 'app/main.ts': `\nimport { a } from 'absent'; console.log(a);` },
      {},
      'BUNDLE_FAILED',
      /Cannot bundle app:\n {2}app\/main\.ts:2:19: Could not resolve "absent"[^]*Fix: install/,
    ],
    [
      'a syntax error',
      { 'app/main.ts': 'const = 1;' },
      {},
      'BUNDLE_FAILED',
      /app\/main\.ts:1:7: Expected identifier/,
    ],
    [
      'a name that a package does not export',
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
      'NATIVE_ADDON',
      /native into an image: it has a native addon[^]*--libc=musl/,
    ],
    ['no main module', {}, {}, 'MAIN_MISSING', /main\.ts does not exist/],
    [
      'an asset that does not exist',
      { 'app/main.ts': '' },
      { assets: [{ from: 'absent', to: 'service/a' }] },
      'ASSET_MISSING',
      /absent: it does not exist/,
    ],
    [
      'an asset outside of service/ and public/',
      { 'app/main.ts': '' },
      { assets: [{ from: 'app', to: 'service/../../a' }] },
      'ASSET_INVALID',
      /service\//,
    ],
    [
      'unsupported settings of esbuild',
      { 'app/main.ts': '', 'app/e.js': 'module.exports = { minify: true };' },
      { esbuildConfig: 'app/e.js' },
      'ESBUILD_CONFIG_INVALID',
      /minify/,
    ],
    [
      'a missing compiler for decorator metadata',
      { 'app/main.ts': '', 'package.json': {} },
      { decoratorMetadata: true },
      'SWC_MISSING',
      /npm install/,
    ],
  ])(
    'rejects %s with a fix, and keeps the previous bundle',
    async (_title, sources, options, code, message) => {
      const workspace = await create(sources);
      await workspace.write({ 'dist/app/bundle.json': '{}' });
      const bundled = (async () => workspace.bundle(options))();
      await expect(bundled).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
      expect(await workspace.hashes()).toHaveProperty(['bundle.json']);
    },
  );
});

describe('readBundle', () => {
  it('rejects a folder without a bundle', async () => {
    const workspace = await create({});
    await expect(readBundle(workspace.root)).rejects.toMatchObject({ code: 'NOT_BUNDLED' });
  });
});
