import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { left, shapes } from '../../test/sample-packages';
import { sampleWorkspaces } from '../../test/sample-workspace';

const create = sampleWorkspaces();
const main = `import left from 'left';\nconsole.log(left('a'));\n`;
const file = 'node_modules/left/index.js';

it('is what linking gives, when nothing of it has changed', async () => {
  const workspace = await create({ ...left, 'app/main.ts': main });
  const first = await workspace.bundle();
  const before = await workspace.hashes();
  expect(await workspace.bundle()).toEqual(first);
  expect(await workspace.hashes()).toEqual(before);
});

async function editKept(root: string, change: (text: string) => string): Promise<void> {
  const folder = path.join(root, 'node_modules/.cache/typerush-nx-ecr');
  const [kept = ''] = await readdir(folder);
  const file = path.join(folder, kept);
  await writeFile(file, change(await readFile(file, 'utf8')));
}

it('is taken from where it is kept, unless that is damaged', async () => {
  const workspace = await create({ ...left, 'app/main.ts': main });
  await workspace.bundle();
  await editKept(workspace.root, (text) => text.replaceAll('<', '#'));
  await workspace.bundle();
  expect(await workspace.run()).toBe('#a');
  await editKept(workspace.root, () => '{');
  await workspace.bundle();
  expect(await workspace.run()).toBe('<a');
});

it('is linked anew when a file of a package changes', async () => {
  const workspace = await create({ ...left, 'app/main.ts': main });
  await workspace.bundle();
  await workspace.write({ [file]: 'module.exports = (text) => `changed ${text}`;' });
  await workspace.bundle();
  expect(await workspace.run()).toBe('changed a');
});

it('is linked anew when something is installed', async () => {
  const workspace = await create({ ...left, 'app/main.ts': main });
  await workspace.bundle();
  await editKept(workspace.root, (text) => text.replaceAll('<', '#'));
  await workspace.write({ 'node_modules/.package-lock.json': '{}' });
  await workspace.bundle();
  expect(await workspace.run()).toBe('<a');
});

it('is linked anew when more is used', async () => {
  const workspace = await create({ ...left, ...shapes, 'app/main.ts': main });
  await workspace.bundle();
  await workspace.write({
    'app/main.ts': `${main}import { Square } from 'shapes';\nconsole.log(typeof Square);\n`,
  });
  await workspace.bundle();
  expect(await workspace.run()).toContain('function');
});
