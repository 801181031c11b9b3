import { readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { cjs, esm, left, shapes } from '../test/sample-packages';
import { installed, sampleWorkspaces, type Sources } from '../test/sample-workspace';
import { readBundle } from './bundle';

const create = sampleWorkspaces();

describe('bundle.json', () => {
  const sources: Sources = {
    ...shapes,
    ...left,
    'app/own.ts': 'export const own = 1;',
    'app/main.ts': `import { side } from 'shapes'; import left from 'left'; import { own } from './own'; import missing from 'missing'; console.log(left(String(side + own)), missing);`,
    'files/a.sql': 'select 1;',
    'client/index.html': '<!doctype html>',
  };
  const options = {
    external: ['missing'],
    assets: [
      { from: 'files', to: 'service/files' },
      { from: 'client/index.html', to: 'public/index.html' },
    ],
  };

  it('lists packages, own files, external packages and every output', async () => {
    const workspace = await create(sources);
    const bundle = await workspace.bundle(options);
    expect(await readBundle(path.join(workspace.root, 'dist/app'))).toEqual(bundle);
    expect(bundle).toEqual({
      main: 'service/main.js',
      packages: [
        {
          name: 'left',
          version: '1.0.0',
          license: 'MIT',
          bytes: expect.any(Number),
          modules: ['index.js'],
        },
        {
          name: 'shapes',
          version: '1.0.0',
          license: 'MIT',
          bytes: expect.any(Number),
          modules: ['index.js', 'square.js'],
        },
      ],
      own: ['app/main.ts', 'app/own.ts'].map((file) => ({ path: file, bytes: expect.any(Number) })),
      external: ['missing'],
      outputs: [
        'dependencies/index.js',
        'dependencies/node_modules/left/package.json',
        'dependencies/node_modules/shapes/package.json',
        'dependencies/packages.cdx.json',
        'public/index.html',
        'service/files/a.sql',
        'service/main.js',
      ].map((file) => ({ file, bytes: expect.any(Number) })),
    });
  });

  it('keeps its layer of third-party code if only own code changes', async () => {
    const workspace = await create(sources);
    const dependencies = async () => {
      await workspace.bundle(options);
      const hashes = Object.entries(await workspace.hashes());
      return hashes.filter(([file]) => file.startsWith('dependencies/'));
    };
    const before = await dependencies();
    await workspace.write({ 'app/own.ts': 'export const own = 2; console.log("new");' });
    expect(await dependencies()).toEqual(before);
    expect(before).toHaveLength(4);
  });

  it('has the same bytes on another path, as has every output, also with linked packages', async () => {
    const first = await create(sources);
    await first.bundle(options);
    const { 'app/main.ts': main, 'app/own.ts': own, ...rest } = sources;
    const packages = await create(rest);
    const second = await create({ 'app/main.ts': main ?? '', 'app/own.ts': own ?? '' });
    for (const name of ['node_modules', 'files', 'client']) {
      await symlink(path.join(packages.root, name), path.join(second.root, name));
    }
    await second.bundle(options);
    expect(await second.hashes()).toEqual(await first.hashes());
    for (const file of ['dependencies/index.js', 'service/main.js', 'bundle.json']) {
      expect(await second.text(file)).not.toContain(path.basename(packages.root));
      expect(await second.text(file)).not.toContain(path.basename(second.root));
    }
  });

  it('comes with a folder for each layer, even an empty one, and without files of a previous bundle', async () => {
    const workspace = await create({ 'app/main.ts': 'console.log(1);' });
    await workspace.write({
      'dist/app/service/old.js': '',
      'dist/.app.partial/service/killed.js': '',
    });
    await workspace.bundle();
    const names = await readdir(path.join(workspace.root, 'dist'), { recursive: true });
    expect(names.sort()).toEqual([
      'app',
      'app/bundle.json',
      'app/dependencies',
      'app/dependencies/index.js',
      'app/package.json',
      'app/public',
      'app/service',
      'app/service/main.js',
    ]);
  });
});

describe('a bundle', () => {
  it('leaves third-party code in its own mode, whatever the workspace compiles with', async () => {
    const workspace = await create({
      ...cjs('sloppy', { 'index.js': 'counter = 5;\nexports.counter = counter;' }),
      'app/tsconfig.json': { compilerOptions: { strict: true, alwaysStrict: true } },
      'app/main.ts': `import { counter } from 'sloppy'; console.log(counter);`,
    });
    await workspace.bundle();
    expect(await workspace.run()).toBe('5');
  });

  it('ships a package as files if it reads its own files, and reports why', async () => {
    const workspace = await create({
      ...cjs('reader', {
        'index.js': `module.exports = require('fs').readFileSync(require('path').join(__dirname, 'data.txt'), 'utf8');`,
        'data.txt': 'its own data',
      }),
      'app/main.ts': `import text from 'reader'; console.log(text);`,
    });
    const { packages } = await workspace.bundle();
    expect(packages).toMatchObject([{ name: 'reader', asFiles: 'reads its own files' }]);
    expect(await workspace.run()).toBe('its own data');
  });

  it('ships no tests of a package, although they have the names of its modules', async () => {
    const tests = {
      'test/pkg/index.js': '',
      'test/data.txt': '',
      'lib/index.test.js': '',
      'examples/lib/index.js': '',
    };
    const workspace = await create({
      ...cjs('reader', {
        'index.js': `module.exports = require('./lib/index')('data.txt');`,
        'lib/index.js': `module.exports = (name) => require('fs').readFileSync(require('path').resolve(__dirname, '..', name), 'utf8');`,
        'data.txt': 'its own data',
        ...tests,
      }),
      'app/main.ts': `import text from 'reader'; console.log(text);`,
    });
    const choices: Record<string, boolean>[] = [{}, { reader: true }];
    for (const asFiles of choices) {
      await workspace.bundle({ asFiles });
      expect(await workspace.run()).toBe('its own data');
      const files = Object.keys(await workspace.hashes()).map((file) => file.split('/reader/')[1]);
      expect(files).toEqual(expect.arrayContaining(['data.txt', 'index.js', 'lib/index.js']));
      for (const test of Object.keys(tests)) expect(files).not.toContain(test);
    }
  });

  it('ships a package as files if it waits at its top level, and own code waits for it', async () => {
    const workspace = await create({
      ...esm('waiting', { 'index.js': `export const value = await Promise.resolve(42);` }),
      'app/main.ts': `import { value } from 'waiting'; console.log(value);`,
    });
    const { packages } = await workspace.bundle();
    expect(packages).toMatchObject([{ name: 'waiting', asFiles: 'waits at its top level' }]);
    expect(await workspace.run()).toBe('42');
  });

  it('ships or bundles a package as "asFiles" says', async () => {
    const workspace = await create({
      ...left,
      'app/main.ts': `import left from 'left'; console.log(left('a'));`,
    });
    const { packages } = await workspace.bundle({ asFiles: { left: true } });
    expect(packages).toMatchObject([{ name: 'left', asFiles: 'is named in asFiles' }]);
    expect(await workspace.run()).toBe('<a');
  });

  it('reports an ignored bare import and an import.meta that is empty', async () => {
    const workspace = await create({
      ...cjs(
        'trap-sef',
        { 'i.js': 'globalThis.effect = 1;' },
        { main: 'i.js', sideEffects: false },
      ),
      'app/main.ts': `import 'trap-sef'; console.log(import.meta.resolve('./x'));`,
    });
    const warnings: string[] = [];
    await workspace.bundle({}, (warning) => warnings.push(warning));
    expect(warnings).toEqual([
      expect.stringMatching(/^app\/main\.ts:1:8: Ignoring this import/),
      expect.stringMatching(/^app\/main\.ts:1:\d+: "import\.meta"/),
    ]);
  });

  it('leaves out a package that is loaded in a function and not installed', async () => {
    const workspace = await create({
      ...cjs('lazy', { 'index.js': `exports.load = () => require('absent'); exports.value = 1;` }),
      'app/main.ts': `import { value } from 'lazy'; console.log(value);`,
    });
    expect((await workspace.bundle()).external).toEqual(['absent']);
    expect(await workspace.run()).toBe('1');
  });

  it('leaves out optional packages that are not installed', async () => {
    const optional = cjs(
      'optional',
      { 'index.js': `exports.load = () => require('extra/deep'); exports.value = 1;` },
      { peerDependencies: { extra: '*' }, peerDependenciesMeta: { extra: { optional: true } } },
    );
    const workspace = await create({
      ...optional,
      'app/main.ts': `import { value } from 'optional'; console.log(value);`,
    });
    expect((await workspace.bundle()).external).toEqual(['extra']);
    expect(await workspace.run()).toBe('1');
  });

  it('leaves out the modules of "omit", and rejects one that it does not contain', async () => {
    const workspace = await create({
      ...left,
      'node_modules/left/tables/big.js': `module.exports = 'a big table';`,
      'node_modules/left/index.js': `exports.table = require('./tables/big');`,
      'app/main.ts': `import { table } from 'left'; console.log(JSON.stringify(table));`,
    });
    await workspace.bundle({ omit: ['left/tables/big'] });
    expect(await workspace.text('dependencies/index.js')).not.toContain('a big table');
    expect(await workspace.run()).toBe('{}');
    await expect(workspace.bundle({ omit: ['left/tables/small'] })).rejects.toMatchObject({
      code: 'OMITTED_NOTHING',
      message: expect.stringContaining('left/tables/small'),
    });
  });

  it('contains one copy of a package that is installed twice at the same version', async () => {
    const copy = (folder: string) =>
      installed(folder, {}, { 'index.js': `exports.data = 'the same data';` });
    const user = (name: string) =>
      cjs(name, { 'index.js': `exports.data = require('copied').data;` });
    const locked = { version: '1.0.0', integrity: 'sha512-a' };
    const sources = {
      ...user('a'),
      ...user('b'),
      ...copy('node_modules/a/node_modules/copied'),
      ...copy('node_modules/b/node_modules/copied'),
      'app/main.ts': `import { data } from 'a'; import { data as other } from 'b'; console.log(data === other);`,
    };
    const times = (text: string) => text.split('the same data').length - 1;
    const workspace = await create(sources);
    await workspace.bundle();
    expect(times(await workspace.text('dependencies/index.js'))).toBe(2);
    await workspace.write({
      'package-lock.json': {
        packages: {
          'node_modules/a/node_modules/copied': locked,
          'node_modules/b/node_modules/copied': locked,
        },
      },
    });
    const { packages } = await workspace.bundle();
    expect(times(await workspace.text('dependencies/index.js'))).toBe(1);
    expect(packages.map(({ name }) => name)).toEqual(['a', 'b', 'copied']);
    expect(await workspace.run()).toBe('true');
  });
});
