import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { tarOf } from '../../test/layer';
import { type AdvisoryFile, readAdvisoryFiles } from './advisory-files';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'advisories-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, content: string | Uint8Array) => {
  const file = join(folder, name);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
  return file;
};

async function readAll(location: string): Promise<AdvisoryFile[]> {
  const files: AdvisoryFile[] = [];
  await readAdvisoryFiles(location, (file) => files.push(file));
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const two = [
  { name: 'A-1.json', text: '{"id":"A-1"}' },
  { name: 'B-1.json', text: '{"id":"B-1"}' },
];

describe('readAdvisoryFiles', () => {
  it('reads the JSON files of a folder and its subfolders', async () => {
    await write('A-1.json', '{"id":"A-1"}');
    await write('npm/B-1.json', '{"id":"B-1"}');
    await write('README.md', 'no advisory');
    expect(await readAll(folder)).toEqual([two[0], { ...two[1], name: join('npm', 'B-1.json') }]);
  });

  it('reads a zip, and one in a folder', async () => {
    const entries = Object.fromEntries(two.map(({ name, text }) => [name, strToU8(text)]));
    const zip = await write('npm/all.zip', zipSync({ ...entries, 'notes.txt': strToU8('-') }));
    expect(await readAll(zip)).toEqual(two);
    expect(await readAll(folder)).toEqual(two);
  });

  it('reads a tar, also a compressed one', async () => {
    const tar = await tarOf(Object.fromEntries(two.map(({ name, text }) => [name, text])));
    expect(await readAll(await write('a.tar', tar))).toEqual(two);
    expect(await readAll(await write('b.tar.gz', gzipSync(tar)))).toEqual(two);
  });

  it('does not read a file that is larger than an advisory', async () => {
    const large = 'x'.repeat(17 * 1024 * 1024);
    const name = 'large.json';
    const unread = [{ name, text: undefined }];
    await write(name, large);
    expect(await readAll(folder)).toEqual(unread);
    expect(await readAll(await write('a.zip', zipSync({ [name]: strToU8(large) })))).toEqual(
      unread,
    );
    expect(await readAll(await write('a.tgz', gzipSync(await tarOf({ [name]: large }))))).toEqual(
      unread,
    );
  });

  it('ends at an archive whose files have too many bytes together, as those of a zip bomb', async () => {
    const bomb = strToU8(' '.repeat(1024 * 1024));
    const names = [...'abcdefgh'].map((letter) => `${letter}.json`);
    const zip = await write('a.zip', zipSync(Object.fromEntries(names.map((n) => [n, bomb]))));
    const read: AdvisoryFile[] = [];
    const limits = { files: 100, bytes: 3 * 1024 * 1024 };
    const reading = readAdvisoryFiles(zip, (file) => read.push(file), limits);
    await expect(reading).rejects.toThrow('more than 3145728 bytes of advisories');
    expect(read).toHaveLength(3);
    await expect(readAdvisoryFiles(zip, () => undefined, { files: 7, bytes: 1e9 })).rejects.toThrow(
      'more than 7 files',
    );
  });

  it('names a location that does not exist', async () => {
    await expect(readAll(join(folder, 'none'))).rejects.toThrow(/none cannot be read: ENOENT/);
  });

  it('rejects a file that is not an archive', async () => {
    await expect(readAll(await write('a.json', '{}'))).rejects.toThrow('neither a folder nor');
  });

  it('rejects damaged archives with their name, whatever is damaged', async () => {
    const entries = Object.fromEntries(
      two.map(({ name, text }) => [name, strToU8(text.repeat(50))]),
    );
    const zip = zipSync(entries);
    const tgz = gzipSync(await tarOf({ 'A-1.json': 'x'.repeat(5_000) }));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(['d.zip', zip] as const, ['d.tgz', tgz] as const),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async ([name, bytes], place, change, isCut) => {
          const at = Math.floor(place * bytes.length);
          const damaged = Buffer.from(isCut ? bytes.subarray(0, at) : bytes);
          if (!isCut) damaged[at] = (damaged[at] ?? 0) ^ change;
          const file = await write(name, damaged);
          const outcome = await readAll(file).catch((error: unknown) => error);
          if (!Array.isArray(outcome))
            expect(outcome).toMatchObject({
              name: 'ScanError',
              message: expect.stringContaining(name),
            });
          else expect(isCut).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
  });
});
