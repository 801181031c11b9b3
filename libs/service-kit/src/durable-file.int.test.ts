import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureFolder, isTemporary, removeTemporaries, writeDurably } from './durable-file';

describe('a durable file', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'durable-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('has the new content, and nothing is left beside it', async () => {
    const file = join(folder, 'file');
    await writeDurably(file, 'old');
    expect(await writeDurably(file, ['new ', 'text'])).toBe(8);
    expect(await readFile(file, 'utf8')).toBe('new text');
    expect(await readdir(folder)).toEqual(['file']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('keeps the old content if the new one cannot be completed', async () => {
    const file = join(folder, 'file');
    await writeDurably(file, 'old');
    const content = (function* () {
      yield 'half';
      throw new Error('no more');
    })();
    await expect(writeDurably(file, content)).rejects.toThrow('no more');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('is distinguished from what a killed process left', async () => {
    await writeFile(join(folder, '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11.tmp'), 'half');
    await writeFile(join(folder, 'mine.tmp'), 'whole');
    expect((await readdir(folder)).filter(isTemporary)).toHaveLength(1);
    await removeTemporaries(folder);
    expect(await readdir(folder)).toEqual(['mine.tmp']);
  });

  it('can be in a folder that does not exist yet, which only its owner reads', async () => {
    const deep = join(folder, 'a', 'b');
    await ensureFolder(deep);
    await ensureFolder(deep);
    expect((await stat(deep)).mode & 0o777).toBe(0o700);
  });
});
