import { left, shapes } from '../test/sample-packages';
import { sampleWorkspaces, type Sources } from '../test/sample-workspace';

const create = sampleWorkspaces();

describe('a change of own code', () => {
  const main = `import { Circle } from 'shapes';\nimport left from 'left';\nconsole.log(left(String(new Circle(1).r)));\n`;
  const changes: readonly (readonly [string, Sources])[] = [
    ['a comment', { 'app/main.ts': `// why\n${main}` }],
    ['new lines', { 'app/main.ts': main.replaceAll('\n', '\n\n') }],
    ['another use of a name', { 'app/main.ts': `${main}console.log(new Circle(2).r);\n` }],
    [
      'another order of imports',
      {
        'app/main.ts': main
          .split('\n')
          .toSpliced(0, 2, ...main.split('\n').slice(0, 2).reverse())
          .join('\n'),
      },
    ],
    [
      'a new file that uses the same',
      {
        'app/other.ts': `import left from 'left';\nexport class Circle { static x = left('x'); }\n`,
        'app/main.ts': `import { Circle as Own } from './other';\n${main}console.log(Own.x);\n`,
      },
    ],
    [
      'an unused export that uses other names',
      {
        'app/other.ts': `import { Square, default as all } from 'shapes';\nexport const other = 1;\nexport const unused = () => [new Square(), all];\n`,
        'app/main.ts': `import { other } from './other';\n${main}console.log(other);\n`,
      },
    ],
    [
      'a module that nothing uses, with another name of the packages',
      {
        'app/lib/package.json': '{"sideEffects":false}',
        'app/lib/index.ts': `export { unused } from './unused';\nexport { used } from './used';\n`,
        'app/lib/used.ts': `export const used = 1;\n`,
        'app/lib/unused.ts': `import { side } from 'shapes';\nimport { right } from 'left';\nexport const unused = right(String(side));\n`,
        'app/main.ts': `import { used } from './lib/index';\n${main}console.log(used);\n`,
      },
    ],
    [
      'a first decorator',
      {
        'app/main.ts': `${main}const mark = (_: unknown) => undefined;\n@mark\nclass Marked {}\nconsole.log(Marked.name);\n`,
      },
    ],
    [
      'a dynamic import of own code',
      {
        'app/late.ts': `export const late = 1;`,
        'app/main.ts': `${main}void import('./late').then(({ late }) => console.log(late));\n`,
      },
    ],
  ];
  it.each(changes)('%s does not change dependencies/', async (_title, change) => {
    const workspace = await create({ ...shapes, ...left, 'app/main.ts': main });
    await workspace.bundle();
    const before = await workspace.hashes();
    await workspace.write(change);
    await workspace.bundle();
    const after = await workspace.hashes();
    expect(after['dependencies/index.js']).toBe(before['dependencies/index.js']);
    expect(await workspace.run()).toContain('<1');
  });

  it('changes dependencies/ if it uses another export of a package', async () => {
    const workspace = await create({ ...shapes, ...left, 'app/main.ts': main });
    await workspace.bundle();
    expect(await workspace.text('dependencies/index.js')).not.toMatch(/Square|never used/);
    await workspace.write({
      'app/main.ts': `import { Square } from 'shapes';\n${main}new Square();`,
    });
    await workspace.bundle();
    expect(await workspace.text('dependencies/index.js')).toContain('Square');
  });
});
