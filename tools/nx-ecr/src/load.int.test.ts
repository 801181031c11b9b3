import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

let root: string;
const plugin = (...names: string[]) => path.join(root, 'tools/plugin', ...names);
const cache = (...names: string[]) =>
  path.join(root, 'node_modules/.cache/typerush-nx-ecr', ...names);

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'load-'));
  await mkdir(plugin('src'), { recursive: true });
  await mkdir(path.join(root, 'node_modules'));
  const esbuild = path.dirname(require.resolve('esbuild/package.json'));
  await symlink(esbuild, path.join(root, 'node_modules/esbuild'));
  await copyFile(path.join(__dirname, '../load.cjs'), plugin('load.cjs'));
  await writeFile(plugin('src/word.ts'), 'export const word: string = "one";');
  await writeFile(plugin('src/entry.ts'), 'import { word } from "./word"; export default word;');
});
afterEach(() => rm(root, { recursive: true }));

/** In a process of its own, as Nx does. */
const load = (entry = 'entry') =>
  execFileSync(process.execPath, ['-p', `require('./load.cjs')['${entry}']`], {
    cwd: plugin(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

const kept = async () => (await readdir(cache())).sort();

describe('load.cjs', () => {
  it('compiles once, keeps the bundle with what V8 made of it, and takes it from there', async () => {
    expect(load()).toBe('one');
    const files = await kept();
    expect(files).toEqual([
      expect.stringMatching(/^entry-\w+\.cjs$/),
      expect.stringMatching(/^entry-\w+\.cjs\.\w+\.v8$/),
    ]);
    // Without a compiler there is nothing but what was kept.
    await rm(path.join(root, 'node_modules/esbuild'));
    expect(load()).toBe('one');
    expect(await kept()).toEqual(files);
  });

  it('compiles anew when a source has changed, and drops what V8 made of the old one', async () => {
    load();
    await writeFile(plugin('src/word.ts'), 'export const word: string = "two";');
    expect(load()).toBe('two');
    expect(await kept()).toHaveLength(2);
  });

  it('compiles anew when the bundle is damaged', async () => {
    load();
    const [bundle = ''] = await kept();
    await writeFile(cache(bundle), '//{');
    expect(load()).toBe('one');
  });

  it('works where nothing can be kept', async () => {
    await mkdir(path.join(root, 'node_modules/.cache'));
    await writeFile(cache(), 'a file in the way');
    expect(load()).toBe('one');
  });

  it('leaves a package that is not installed to the code that can do without it', async () => {
    const text = 'let found = "yes"; function ask() { return require("not-installed"); }';
    await writeFile(
      plugin('src/entry.ts'),
      `${text} try { ask(); } catch { found = "no"; } export default found;`,
    );
    expect(load()).toBe('no');
  });

  it('finds packages as the source does, from where the source is', async () => {
    await writeFile(
      plugin('package.json'),
      '{"name":"self","exports":{"./package.json":"./package.json"}}',
    );
    const text = 'export default require.resolve("self/package.json");';
    await writeFile(plugin('src/entry.ts'), text);
    expect(load()).toBe(plugin('package.json'));
  });

  it('tells a mistake in a source', async () => {
    await writeFile(plugin('src/entry.ts'), 'import word from "./nowhere"; export default word;');
    expect(() => load()).toThrow(/nowhere/);
  });
});
