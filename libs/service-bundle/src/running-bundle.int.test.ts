import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { cjs, esm, left, shapes } from '../test/sample-packages';
import { installed, sampleWorkspaces, type Sources } from '../test/sample-workspace';

const create = sampleWorkspaces();

/** What a bundle of these sources prints. */
async function output(sources: Sources, options = {}): Promise<string> {
  const workspace = await create(sources);
  await workspace.bundle(options);
  return workspace.run();
}

describe('a bundle runs what our code imports', () => {
  it.each<[string, string, Sources, string]>([
    [
      'names of an ES module',
      `import { Circle as Round, side } from 'shapes'; console.log(new Round(2).r, side, Round.name);`,
      shapes,
      '2 4 Circle',
    ],
    [
      'all of an ES module',
      `import * as all from 'shapes'; console.log(Object.keys(all).filter((name) => name !== 'default').sort().join());`,
      shapes,
      'Circle,Square,side,unused',
    ],
    [
      'the default of a CommonJS module',
      `import left from 'left'; console.log(left('a'));`,
      left,
      '<a',
    ],
    [
      'names of a CommonJS module',
      `import { right } from 'left'; console.log(right('a'));`,
      left,
      'a>',
    ],
    [
      'all of a CommonJS module',
      `import * as all from 'left'; console.log(all.default('a'), all.right('a'));`,
      left,
      '<a a>',
    ],
    ['what it requires', `const left = require('left'); console.log(left('a'));`, left, '<a'],
    [
      'what it imports late',
      `void import('shapes').then(({ side }) => console.log(side));`,
      shapes,
      '4',
    ],
    [
      'a CommonJS module late',
      `void import('left').then((all) => console.log(all.default('a'), all.right('b')));`,
      left,
      '<a b>',
    ],
    [
      'JSON of its own',
      `import data from './data.json'; console.log(data.answer);`,
      { 'app/data.json': { answer: 42 } },
      '42',
    ],
    [
      'JSON of a package',
      `import data from 'left/data.json'; console.log(data.answer);`,
      { ...left, 'node_modules/left/data.json': { answer: 42 } },
      '42',
    ],
    [
      'what it passes on',
      `export * from './again'; import { again } from './again'; console.log(again('a'));`,
      { ...left, 'app/again.ts': `export { right as again } from 'left';` },
      'a>',
    ],
    [
      'a module of a package',
      `import { side } from 'shapes/square.js'; console.log(side);`,
      {
        ...shapes,
        'node_modules/shapes/package.json': { name: 'shapes', version: '1.0.0', type: 'module' },
      },
      '4',
    ],
    [
      'nothing installed',
      `import { join } from 'node:path'; console.log(join('a', 'b'));`,
      {},
      'a/b',
    ],
  ])('%s', async (_what, main, sources, expected) => {
    expect(await output({ ...sources, 'app/main.ts': main })).toBe(expected);
  });

  it('in the order in which it imports it', async () => {
    const says = (name: string) => cjs(name, { 'index.js': `console.log('${name}');` });
    const sources = { ...says('b'), ...says('a'), 'app/own.ts': `console.log('own');` };
    const main = `import 'b'; import './own'; import 'a'; console.log('main');`;
    expect(await output({ ...sources, 'app/main.ts': main })).toBe('b\nown\na\nmain');
  });

  it('evaluated once, however it is asked for', async () => {
    const counted = cjs('counted', { 'index.js': `console.log('once'); exports.a = {}; ` });
    const main = `import { a } from 'counted'; import * as all from 'counted';\nvoid import('counted').then((late) => console.log(late.a === a, all.a === a, require('counted').a === a));`;
    expect(await output({ ...counted, 'app/main.ts': main })).toBe('once\ntrue true true');
  });

  it('with the default import that Babel means, or Node in a package of ES modules', async () => {
    const babel = cjs('babel', {
      'index.js': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'Babel';`,
    });
    const main = `import value from 'babel'; console.log(typeof value === 'string' ? value : value.default + ' in Node');`;
    expect(await output({ ...babel, 'app/main.ts': main })).toBe('Babel');
    expect(
      await output({ ...babel, 'app/main.ts': main, 'app/package.json': { type: 'module' } }),
    ).toBe('Babel in Node');
  });

  it('with the folder of its file where it asks for it', async () => {
    const placed = cjs('placed', {
      'index.js': `exports.name = require('path').basename(__dirname);`,
    });
    const modern = esm('modern', {
      'index.js': `import { createRequire } from 'node:module'; export const join = createRequire(import.meta.url)('path').join('a', 'b');`,
    });
    const main = `import { name } from 'placed'; import { join } from 'modern'; import { basename } from 'path'; console.log(name, join, basename(__dirname));`;
    expect(await output({ ...placed, ...modern, 'app/main.ts': main })).toBe(
      'dependencies a/b service',
    );
  });

  it('with the names of classes, where several have the same', async () => {
    const other = cjs('other', { 'index.js': `exports.Circle = class Circle {};` });
    const main = `import { Circle } from 'shapes'; import * as other from 'other'; import { Circle as Own } from './own'; console.log(Circle.name, other.Circle.name, Own.name);`;
    const sources = { ...shapes, ...other, 'app/own.ts': 'export class Circle {}' };
    expect(await output({ ...sources, 'app/main.ts': main })).toBe('Circle Circle Circle');
  });

  it('of a package at two versions, each where it belongs', async () => {
    const version = (folder: string, at: string) =>
      installed(folder, { version: at }, { 'index.js': `exports.version = '${at}';` });
    const workspace = await create({
      ...version('node_modules/twice', '1.0.0'),
      ...version('libs/old/node_modules/twice', '0.9.0'),
      'libs/old/index.ts': `export { version } from 'twice';`,
      'app/main.ts': `import { version } from 'twice'; import { version as old } from '../libs/old'; console.log(version, old);`,
    });
    const { packages } = await workspace.bundle();
    expect(packages.map(({ version: at }) => at)).toEqual(['0.9.0', '1.0.0']);
    expect(await workspace.run()).toBe('1.0.0 0.9.0');
  });

  it('with the types of decorated members, where asked for', async () => {
    const main = `const types: unknown[] = [];\n(Reflect as any).metadata = (key: string, value: unknown) => () => void types.push(key, value);\nclass Store {}\nconst inject = (_: unknown) => undefined;\n@inject\nclass Shop { constructor(readonly store: Store) {} }\nconsole.log(types[0], (types[1] as any[])[0] === Store, Shop.name);`;
    const workspace = await create({ 'app/main.ts': main });
    await mkdir(path.join(workspace.root, 'node_modules'));
    const swc = path.dirname(require.resolve('@swc/core/package.json'));
    await symlink(path.dirname(swc), path.join(workspace.root, 'node_modules/@swc'));
    await workspace.write({ 'package.json': {} });
    await workspace.bundle({ decoratorMetadata: true });
    expect(await workspace.run()).toBe('design:paramtypes true Shop');
  });
});
