import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderOutbox } from './folder-outbox';

describe('an outbox in a folder', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'outbox-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('has the entries of a process before it, oldest first', async () => {
    const before = await FolderOutbox.open(folder, 1_000);
    for (const name of ['b', 'a']) {
      await before.add(name, `{"name":"${name}"}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const after = await FolderOutbox.open(folder, 1_000);
    expect((await after.list()).map(({ name }) => name)).toEqual(['b', 'a']);
    expect(await after.read('a')).toBe('{"name":"a"}');
    expect(await after.read('c')).toBeUndefined();
  });

  it('counts pending and rejected results of a process before it towards the limit', async () => {
    const before = await FolderOutbox.open(folder, 1_000);
    await before.add('one', 'x'.repeat(300));
    await before.setAside('one', 'wrong');
    await before.add('two', 'x'.repeat(300));
    const after = await FolderOutbox.open(folder, 1_000);
    await expect(after.add('three', 'x'.repeat(400))).rejects.toMatchObject({
      code: 'OUTBOX_FULL',
    });
    await after.remove('two');
    await after.add('three', 'x'.repeat(400));
  });

  it('removes what a killed process left half written, once it is old', async () => {
    await mkdir(join(folder, 'pending'));
    const [old, recent] = [`${randomUUID()}.tmp`, `${randomUUID()}.tmp`];
    for (const name of [old, recent]) await writeFile(join(folder, 'pending', name), '{"raceId"');
    const hourAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(folder, 'pending', old), hourAgo, hourAgo);
    const store = await FolderOutbox.open(folder, 1_000);
    expect(await readdir(join(folder, 'pending'))).toEqual([recent]);
    expect(await store.list()).toEqual([]);
  });

  it('has one sender at a time', async () => {
    const [one, other] = [
      await FolderOutbox.open(folder, 1_000),
      await FolderOutbox.open(folder, 1_000),
    ];
    const onLost = () => undefined;
    expect(await one.claim(onLost)).toBe(true);
    expect(await other.claim(onLost)).toBe(false);
    await one.release();
    expect(await other.claim(onLost)).toBe(true);
    await other.release();
  });

  it('cannot be opened where nothing can be written, and explains what to change', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(FolderOutbox.open(file, 1_000)).rejects.toMatchObject({
      code: 'OUTBOX_UNUSABLE',
      message: expect.stringMatching(/^Cannot keep results in the outbox .*file: .*OUTBOX_DIR/s),
    });
  });
});
