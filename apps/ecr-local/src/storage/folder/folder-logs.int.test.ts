import { mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderLogs } from './folder-logs';

let root: string;
let torn: [string, number][];
const open = () => createFolderLogs(root, (file, bytes) => torn.push([file, bytes]));
const file = () => join(root, 'a.log');

beforeEach(async () => {
  torn = [];
  root = join(await mkdtemp(join(tmpdir(), 'ecr-local-')), 'logs');
});
afterEach(() => rm(join(root, '..'), { recursive: true }));

/** A log of three lines; answers the length of each prefix of whole lines. */
async function makeLog(): Promise<number[]> {
  const logs = open();
  const lengths = [];
  await logs.replace('a', [[{ n: 1 }]]);
  for (const n of [2, 3]) {
    lengths.push((await stat(file())).size);
    await logs.append('a', [{ n }, { more: 'ü'.repeat(n) }]);
  }
  return [...lengths, (await stat(file())).size];
}

describe('a log in a folder', () => {
  it('that was cut anywhere has every whole line, and what is appended then', async () => {
    const lengths = await makeLog();
    const whole = await readFile(file());
    for (let cut = lengths[0] ?? 0; cut < whole.length; cut += 1) {
      await writeFile(file(), whole.subarray(0, cut));
      const logs = open();
      const [log] = await logs.load();
      const kept = lengths.filter((length) => length <= cut).length;
      expect(log?.records).toHaveLength(kept * 2 - 1);
      await logs.append('a', ['new']);
      const [again] = await open().load();
      expect(again?.records).toEqual([...(log?.records ?? []), 'new']);
    }
    expect(torn.length).toBeGreaterThan(50);
    expect(torn.every(([path, bytes]) => path === file() && bytes > 0)).toBe(true);
  });

  it.each(['\0'.repeat(500), 'x\n', '\n', '00000000 00000002 []\n', '{"n":4}\n', '\0\0\n\0'])(
    'leaves out a last line of %j, which a power cut may leave',
    async (tail) => {
      await makeLog();
      const before = await open().load();
      await writeFile(file(), tail, { flag: 'a' });
      expect(await open().load()).toEqual(before);
      expect(torn).toEqual([[file(), tail.length]]);
    },
  );

  it('that is damaged before its last line is rejected with its file, whichever bit it is', async () => {
    const lengths = await makeLog();
    const whole = await readFile(file());
    for (let index = 0; index < (lengths[1] ?? 0); index += 1) {
      const damaged = Buffer.from(whole);
      damaged[index] = (damaged[index] ?? 0) ^ (1 << (index % 8));
      await writeFile(file(), damaged);
      await expect(open().load()).rejects.toThrow(`${file()} is damaged at byte`);
    }
  });

  it('loses nothing to a full disk, and goes on once there is space', async () => {
    const logs = open();
    await logs.replace('a', [[1]]);
    await logs.append('a', [2]);
    await rename(file(), join(root, 'aside'));
    await symlink('/dev/full', file());
    await expect(logs.append('a', [3])).rejects.toThrow('ENOSPC');
    await rm(file());
    await rename(join(root, 'aside'), file());
    await writeFile(file(), 'half of what was not acknowl', { flag: 'a' });
    await logs.append('a', [4]);
    expect(await open().load()).toMatchObject([{ records: [1, 2, 4] }]);
    expect(torn).toEqual([]);
  });

  it('keeps its old content when a replacement was killed, and the sweep removes the half', async () => {
    await makeLog();
    const before = await open().load();
    const half = '3f0c5f0e-58f5-4b64-8e3b-9a51c1b3a7d2.tmp';
    await writeFile(join(root, half), 'half');
    await writeFile(join(root, 'notes.tmp'), 'not ours');
    await writeFile(join(root, '.DS_Store'), 'Bud1');
    const logs = open();
    expect(await logs.load()).toEqual(before);
    await logs.sweep();
    expect((await readdir(root)).sort()).toEqual(['.DS_Store', 'a.log', 'notes.tmp']);
  });
});
