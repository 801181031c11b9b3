import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ModuleGraph } from './module-graph';

describe('ModuleGraph', () => {
  let root: string;
  let graph: ModuleGraph;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(tmpdir(), 'graph-')));
    graph = new ModuleGraph(root, ['node'], {});
  });
  afterEach(() => rm(root, { recursive: true }));

  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    }
  };
  const reach = async (entries: readonly string[], leftOut: readonly string[] = []) => {
    const at = (file: string) => path.join(root, file);
    const found = await graph.reach(entries.map(at), new Set(leftOut.map(at)));
    return found.map((file) => path.relative(root, file)).sort();
  };

  it('reaches what modules load and read, and only that of the given ones', async () => {
    await write({
      'a.js': `require('./shared');`,
      'b.js': `require('./shared'); require('fs').readFileSync(__dirname + '/b.txt');`,
      'b.txt': '',
      'shared.js': `require('./deep.json');`,
      'deep.json': '{}',
    });
    const shared = ['deep.json', 'shared.js'];
    expect(await reach(['a.js'])).toEqual(['a.js', ...shared]);
    expect(await reach(['b.js'])).toEqual(['b.js', 'b.txt', ...shared]);
    expect(await reach(['a.js', 'b.js'])).toEqual(['a.js', 'b.js', 'b.txt', ...shared]);
  });

  it('does not go through a package that is left out later', async () => {
    await write({
      'a.js': `require('one'); require('two');`,
      'node_modules/one/index.js': `require('inner');`,
      'node_modules/two/index.js': '',
      'node_modules/inner/index.js': '',
    });
    const names = (all: readonly string[]) =>
      all.flatMap((file) => /node_modules\/(\w+)\/index\.js/.exec(file)?.[1] ?? []);
    expect(names(await reach(['a.js']))).toEqual(['inner', 'one', 'two']);
    expect(names(await reach(['a.js'], ['node_modules/one']))).toEqual(['two']);
  });

  it('reaches the link through which a package is found, also for a second module', async () => {
    await write({
      'a.js': `require('linked');`,
      'b.js': `require('linked');`,
      'store/node_modules/linked/index.js': '',
    });
    await mkdir(path.join(root, 'node_modules'));
    await symlink('../store/node_modules/linked', path.join(root, 'node_modules/linked'));
    for (const entry of ['a.js', 'b.js']) {
      expect(await reach([entry])).toEqual([
        entry,
        'node_modules/linked',
        'store/node_modules/linked/index.js',
      ]);
    }
  });
});
