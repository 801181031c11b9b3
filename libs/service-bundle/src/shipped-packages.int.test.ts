import path from 'node:path';
import { cjs } from '../test/sample-packages';
import { installed, sampleWorkspaces, type Sources } from '../test/sample-workspace';

const create = sampleWorkspaces();

describe('a package that is shipped as files', () => {
  const files = async (sources: Sources) => {
    const workspace = await create({
      'app/main.ts': `import value from 'chooser'; console.log(value);`,
      ...sources,
    });
    await workspace.bundle();
    return workspace.run();
  };

  it('has the folder that it chooses a module from, by another name of require', async () => {
    const sources = cjs('chooser', {
      'index.js': `const load = require; exports.default = ((name) => load('./locale/' + name))('f' + 'r');`,
      'locale/fr.js': `module.exports = 'bonjour ' + require('greeted');`,
    });
    const greeted = cjs('greeted', { 'index.js': `module.exports = 'monde';` });
    const main = `import value from 'chooser'; console.log(value.default ?? value);`;
    expect(await files({ ...sources, ...greeted, 'app/main.ts': main })).toBe('bonjour monde');
  });

  it('has all its files if it passes on its folder', async () => {
    const sources = {
      ...cjs('chooser', {
        'index.js': `module.exports = require('fs').readFileSync(require('path').join(require('assets'), 'a.js'), 'utf8');`,
      }),
      ...cjs('assets', { 'index.js': `module.exports = __dirname;`, 'a.js': 'served' }),
    };
    expect(await files(sources)).toBe('served');
  });

  it('has only the data files that it names if it passes on its folder and names some', async () => {
    const workspace = await create({
      ...cjs('chooser', {
        'index.js': `const at = (name) => __dirname + '/' + name; module.exports = require('fs').readFileSync(at('code.wasm'), 'utf8');`,
        'code.wasm': 'code',
        'debug/code-debug.wasm': 'debug',
        'index.d.ts': '',
        'other.js': '',
      }),
      'app/main.ts': `import value from 'chooser'; console.log(value);`,
    });
    await workspace.bundle();
    expect(await workspace.run()).toBe('code');
    const shipped = Object.keys(await workspace.hashes()).filter((file) => /chooser/.test(file));
    expect(shipped.map((file) => path.basename(file))).toEqual([
      'code.wasm',
      'index.js',
      'package.json',
    ]);
  });

  it('has declarations without a module, which are data of a compiler', async () => {
    const sources = cjs('chooser', {
      'index.js': `const at = (name) => __dirname + '/' + name; module.exports = require('fs').readFileSync(at('lib.d.ts'), 'utf8');`,
      'lib.d.ts': 'declare const a: 1;',
    });
    expect(await files(sources)).toBe('declare const a: 1;');
  });

  it('has what a script of it needs that it starts', async () => {
    const sources = cjs('chooser', {
      'index.js': `module.exports = require('child_process').execFileSync(process.execPath, [require('path').join(__dirname, 'bin', 'tool')], { encoding: 'utf8' }).trim();`,
      'bin/tool': `#!/usr/bin/env node\nconsole.log(require('fs').readFileSync(require('path').join(__dirname, '../answer.bin'), 'utf8'));`,
      'answer.bin': '42',
    });
    expect(await files(sources)).toBe('42');
  });

  it('has the data files beside one that it reads', async () => {
    const sources = cjs('chooser', {
      'index.js': `const fs = require('fs'); const first = require('path').join(__dirname, 'fonts/a.fnt'); module.exports = fs.readFileSync(require('path').join(require('path').dirname(first), fs.readFileSync(first, 'utf8')), 'utf8');`,
      'fonts/a.fnt': 'page.png',
      'fonts/page.png': 'pixels',
    });
    expect(await files(sources)).toBe('pixels');
  });

  it('has a module that is named like a test, if it requires it', async () => {
    const sources = cjs('chooser', {
      'index.js': `const here = __dirname; module.exports = require('./spec/openapi') + (here ? '' : '-');`,
      'spec/openapi/index.js': `module.exports = '3.1';`,
    });
    expect(await files(sources)).toBe('3.1');
  });

  it('does without an optional package that only development installs', async () => {
    const uses = `try { return require('colors'); } catch { return 'plain'; }`;
    const optional = { peerDependenciesMeta: { colors: { optional: true } } };
    const workspace = await create({
      ...installed('node_modules/chooser', optional, {
        'index.js': `const load = (name) => { try { return require(name); } catch { return 'plain'; } }; module.exports = [load('colors'), require('log'), __dirname.length > 0].join();`,
      }),
      ...installed('node_modules/log', optional, {
        'index.js': `module.exports = (() => { ${uses} })();`,
      }),
      ...cjs('colors', { 'index.js': `module.exports = 'coloured';` }),
      'package-lock.json': {
        lockfileVersion: 3,
        packages: {
          'node_modules/chooser': { version: '1.0.0', ...optional, dependencies: { log: '1' } },
          'node_modules/log': { version: '1.0.0', ...optional },
          'node_modules/colors': { version: '1.0.0', dev: true },
        },
      },
      'app/main.ts': `import value from 'chooser'; console.log(value);`,
    });
    const { packages } = await workspace.bundle();
    expect(packages.map(({ name }) => name)).toEqual(['chooser', 'log']);
    expect(await workspace.run()).toBe('plain,plain,true');
  });

  it('has a package that the service declares and names in a string, but not one that it imports or leaves out', async () => {
    const loaders = cjs('loader', { 'index.js': `module.exports = (name) => require(name);` });
    const packages = Object.assign(
      {},
      ...['named', 'imported', 'external'].map((name) =>
        cjs(name, { 'index.js': `module.exports = '${name}';` }),
      ),
    ) as Sources;
    const workspace = await create({
      ...loaders,
      ...packages,
      'app/package.json': { dependencies: { named: '1', imported: '1', external: '1' } },
      'app/main.ts': `import load from 'loader'; const name = 'external'; console.log(load('named'), name); if (process.argv[9]) void import('imported');`,
    });
    const bundle = await workspace.bundle({ external: ['external', 'imported'] });
    const shipped = bundle.packages.filter(({ asFiles }) => asFiles).map(({ name }) => name);
    expect(shipped).toEqual(['loader', 'named']);
    expect(await workspace.run()).toBe('named external');
  });
});
