import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { pack } from 'tar-stream';
import { type TarEntry, tarStream, writeTar } from './tar';

/** The tar that the library tar-stream writes. */
async function reference(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const entry of entries) {
    const { mode, uid, gid, type } = entry;
    const header = { mode, uid, gid, type, mtime: new Date(0), uname: '', gname: '' };
    if (entry.type === 'directory') tar.entry({ ...header, name: `${entry.name}/` });
    else if (entry.type === 'symlink') tar.entry({ ...header, ...entry });
    else if ('content' in entry) {
      tar.entry({ ...header, name: entry.name }, Buffer.from(entry.content));
    }
  }
  tar.finalize();
  return buffer(tar);
}

const segment = fc
  .string({
    unit: fc.constantFrom('a', 'B', '-', '.', ' ', 'é', '☃', '0'),
    minLength: 1,
    maxLength: 60,
  })
  .filter((text) => !/^\.*$/.test(text));
const name = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
// tar-stream writes 777777 for greater numbers, and a default for mode 0.
const id = fc.nat(0o777777);
const common = { name, mode: fc.integer({ min: 1, max: 0o7777 }), uid: id, gid: id };
const entry: fc.Arbitrary<TarEntry> = fc.oneof(
  fc.record({ ...common, type: fc.constant('directory' as const) }),
  fc.record({ ...common, type: fc.constant('symlink' as const), linkname: name }),
  fc.record({
    ...common,
    type: fc.constant('file' as const),
    content: fc.uint8Array({ maxLength: 1500 }),
  }),
);

const file = (size: number, open: () => Readable): TarEntry => ({
  type: 'file',
  name: 'app/main.js',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size,
  open,
});

describe('writeTar', () => {
  it('writes the same bytes as tar-stream', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
        expect((await writeTar(entries)).equals(await reference(entries))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['shorter', 'ab'],
    ['longer', 'abcd'],
  ])('rejects a file that is %s than its header states', async (_, content) => {
    const entries = [file(3, () => Readable.from([Buffer.from(content)]))];
    await expect(writeTar(entries)).rejects.toMatchObject({
      code: 'LAYER_INVALID',
      message: expect.stringMatching(/^\/app\/main\.js changed while it was read: 3 bytes/),
    });
  });

  it('fails with the error of a file that cannot be read', async () => {
    const failing = Readable.from(
      (async function* () {
        yield Buffer.from('a');
        throw new Error('EIO');
      })(),
    );
    await expect(writeTar([file(3, () => failing)])).rejects.toThrow('EIO');
  });
});

describe('tarStream', () => {
  it('opens a file only when the files before it have been read', async () => {
    const opened: number[] = [];
    const entries = [0, 1].map((index) =>
      file(1 << 20, () => {
        opened.push(index);
        return Readable.from([Buffer.alloc(1 << 20)]);
      }),
    );
    const stream = tarStream(entries);
    for await (const chunk of stream) {
      if ((chunk as Buffer).length >= 1 << 20) break;
    }
    expect(opened).toEqual([0]);
  });
});
