import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { cjs, esm, left, shapes } from '../test/sample-packages';
import { installed, sampleWorkspaces, type Sources } from '../test/sample-workspace';

const create = sampleWorkspaces();

/** The output of a bundle of these sources. */
async function output(sources: Sources, options = {}): Promise<string> {
  const workspace = await create(sources);
  await workspace.bundle(options);
  return workspace.run();
}

describe('a running bundle', () => {
  it.each<[string, string, Sources, string]>([
    [
      'names of an ES module',
      `import { Circle as Round, side } from 'shapes'; console.log(new Round(2).r, side, Round.name);`,
      shapes,
      '2 4 Circle',
    ],
    [
      'the namespace of an ES module',
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
      'the namespace of a CommonJS module',
      `import * as all from 'left'; console.log(all.default('a'), all.right('a'));`,
      left,
      '<a a>',
    ],
    ['a required module', `const left = require('left'); console.log(left('a'));`, left, '<a'],
    [
      'a dynamically imported ES module',
      `void import('shapes').then(({ side }) => console.log(side));`,
      shapes,
      '4',
    ],
    [
      'a dynamically imported CommonJS module',
      `void import('left').then((all) => console.log(all.default('a'), all.right('b')));`,
      left,
      '<a b>',
    ],
    [
      'own JSON',
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
      're-exported names',
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
      'a module of Node',
      `import { join } from 'node:path'; console.log(join('a', 'b'));`,
      {},
      'a/b',
    ],
  ])('has %s', async (_title, main, sources, expected) => {
    expect(await output({ ...sources, 'app/main.ts': main })).toBe(expected);
  });

  it('evaluates modules in the order of the imports', async () => {
    const printing = (name: string) => cjs(name, { 'index.js': `console.log('${name}');` });
    const sources = { ...printing('b'), ...printing('a'), 'app/own.ts': `console.log('own');` };
    const main = `import 'b'; import './own'; import 'a'; console.log('main');`;
    expect(await output({ ...sources, 'app/main.ts': main })).toBe('b\nown\na\nmain');
  });

  it('evaluates a module once, however it is imported', async () => {
    const counted = cjs('counted', { 'index.js': `console.log('once'); exports.a = {}; ` });
    const main = `import { a } from 'counted'; import * as all from 'counted';\nvoid import('counted').then((late) => console.log(late.a === a, all.a === a, require('counted').a === a));`;
    expect(await output({ ...counted, 'app/main.ts': main })).toBe('once\ntrue true true');
  });

  it('imports the default as Babel does, or as Node does in a package of ES modules', async () => {
    const babel = cjs('babel', {
      'index.js': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'Babel';`,
    });
    const main = `import value from 'babel'; console.log(typeof value === 'string' ? value : value.default + ' in Node');`;
    expect(await output({ ...babel, 'app/main.ts': main })).toBe('Babel');
    expect(
      await output({ ...babel, 'app/main.ts': main, 'app/package.json': { type: 'module' } }),
    ).toBe('Babel in Node');
  });

  it('has __dirname and import.meta.url of its files, as without a bundle', async () => {
    const placed = cjs('placed', {
      'index.js': `exports.name = require('path').basename(__dirname);`,
    });
    const modern = esm('modern', {
      'index.js': `import { createRequire } from 'node:module'; export const join = createRequire(import.meta.url)('path').join('a', 'b');`,
    });
    const main = `import { name } from 'placed'; import { join } from 'modern'; import { basename } from 'path'; console.log(name, join, basename(__dirname));`;
    expect(await output({ ...placed, ...modern, 'app/main.ts': main })).toBe('placed a/b service');
  });

  it('keeps the names of classes, also of several with the same name', async () => {
    const other = cjs('other', { 'index.js': `exports.Circle = class Circle {};` });
    const main = `import { Circle } from 'shapes'; import * as other from 'other'; import { Circle as Own } from './own'; console.log(Circle.name, other.Circle.name, Own.name);`;
    const sources = { ...shapes, ...other, 'app/own.ts': 'export class Circle {}' };
    expect(await output({ ...sources, 'app/main.ts': main })).toBe('Circle Circle Circle');
  });

  it('uses two versions of a package, each where it is installed', async () => {
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

  it('has the types of decorated members if "decoratorMetadata" is set', async () => {
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
