import { execFile } from 'node:child_process';
import { mkdir, open, symlink, link, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { extract, type Headers } from 'tar-stream';
import { temporaryFolder } from '../../test/temporary-folder';
import { gzipChunks, gzipTar } from './gzip';
import { canonicalEntries, writeEntries } from './rewrite-tar';
import { writeTar } from './tar';
import { encodeHeader, END_OF_TAR, padding, TAR_TYPE, type TarHeader } from './tar-header';

const folder = temporaryFolder();
let files = 0;

/** The canonical form of an engine's layer. */
async function rewrite(tar: Buffer): Promise<Buffer> {
  const file = path.join(folder(), String(files++));
  await writeFile(file, tar);
  const handle = await open(file);
  try {
    return await buffer(Readable.from(writeEntries(handle, await canonicalEntries(handle))));
  } finally {
    await handle.close();
  }
}

type Entry = TarHeader & { readonly content: Buffer };

const entry = (name: string, rest: Partial<Entry> = {}): Entry => {
  const content = rest.content ?? Buffer.alloc(0);
  return {
    name,
    type: TAR_TYPE.file,
    mode: 0o644,
    uid: 0,
    gid: 0,
    linkname: '',
    device: { major: 0, minor: 0 },
    xattrs: new Map(),
    ...rest,
    content,
    size: content.length,
  };
};

/** As engines write it: in any order, with times. */
function tarOf(entries: readonly Entry[], time = 1_700_000_000): Buffer {
  const blocks = entries.flatMap((entry) => [
    dated(encodeHeader(entry), time),
    entry.content,
    Buffer.alloc(padding(entry.size)),
  ]);
  return Buffer.concat([...blocks, END_OF_TAR]);
}

/** Sets the time of the last header of an entry, and its checksum. */
function dated(blocks: Buffer, time: number): Buffer {
  const header = blocks.subarray(-512);
  header.write(`${time.toString(8)} `.padStart(12, '0'), 136, 'latin1');
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')} \0`, 148, 'latin1');
  return blocks;
}

async function read(tar: Buffer): Promise<(Headers & { content: string })[]> {
  const found: (Headers & { content: string })[] = [];
  const reader = extract();
  reader.on('entry', (header, stream, next) => {
    buffer(stream).then((content) => {
      found.push({ ...header, content: content.toString('latin1') });
      next();
    }, next);
  });
  await new Promise((resolve, reject) => {
    reader.on('finish', resolve).on('error', reject);
    reader.end(tar);
  });
  return found;
}

const segment = fc
  .string({
    unit: fc.constantFrom('a', 'B', '-', '.', ' ', '_', 'é', '0', '!'),
    minLength: 1,
    maxLength: 60,
  })
  .filter((text) => !/^\.*$/.test(text))
  .map((text) => Buffer.from(text).toString('latin1'));
const name = fc
  .array(segment, { minLength: 1, maxLength: 6 })
  .map((segments) => segments.join('/'));
const id = fc.oneof(fc.nat(70_000), fc.constant(0o777777 + 1), fc.constant(2 ** 31));
const common = {
  mode: fc.nat(0o7777),
  uid: id,
  gid: id,
  xattrs: fc
    .dictionary(
      fc.constantFrom('security.capability', 'user.a', 'user.b'),
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    )
    .map((record) => new Map(Object.entries(record))),
};
const anyEntry = fc.oneof(
  fc.record({
    ...common,
    type: fc.constant(TAR_TYPE.file),
    content: fc.uint8Array({ maxLength: 1500 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({ ...common, type: fc.constant(TAR_TYPE.directory) }),
  fc.record({ ...common, type: fc.constant(TAR_TYPE.symlink), linkname: name }),
  fc.record({
    ...common,
    type: fc.constant(TAR_TYPE.characterDevice),
    device: fc.record({ major: fc.nat(255), minor: fc.nat(255) }),
  }),
  fc.record({ ...common, type: fc.constant(TAR_TYPE.fifo) }),
);
const layer = fc.uniqueArray(
  fc.tuple(name, anyEntry).map(([name, rest]) => entry(name, rest)),
  { selector: ({ name }) => name, maxLength: 12 },
);

it('keeps the content of entries, and does not depend on times or order', async () => {
  await fc.assert(
    fc.asyncProperty(
      layer.chain((entries) =>
        fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
      ),
      async ([entries, shuffled]) => {
        const written = await rewrite(tarOf(entries));
        expect(written.equals(await rewrite(tarOf(shuffled, 5)))).toBe(true);
        expect(written.equals(await rewrite(written))).toBe(true);
        const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
        expect(written.equals(tarOf(sorted, 0))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

it('writes plain entries with the same bytes as writeTar', async () => {
  const plain = { mode: 0o644, uid: 0, gid: 0 };
  const content = Buffer.from('console.log(1)');
  const long = `app/${'nested/'.repeat(12)}file-with-a-long-name-${'x'.repeat(60)}.js`;
  const names = ['app/main.js', long, 'app/\u00e9t\u00e9.js'];
  const made = await writeTar([
    { type: 'directory', name: 'app', mode: 0o755, uid: 0, gid: 0 },
    ...names.map((name) => ({ type: 'file' as const, name, ...plain, content })),
  ]);
  expect(await rewrite(made)).toEqual(
    await writeTar([
      { type: 'directory', name: 'app', mode: 0o755, uid: 0, gid: 0 },
      ...[...names].sort().map((name) => ({ type: 'file' as const, name, ...plain, content })),
    ]),
  );
});

it('keeps the bytes of a binary extended attribute', async () => {
  const capability = Buffer.from('0100000280ff00000000000000000000', 'hex').toString('latin1');
  const xattrs = new Map([['security.capability', capability]]);
  const written = await rewrite(tarOf([entry('bin/ping', { mode: 0o4755, xattrs })]));
  expect(written.toString('latin1')).toContain(`SCHILY.xattr.security.capability=${capability}\n`);
  expect(await read(written)).toMatchObject([{ name: 'bin/ping', mode: 0o4755 }]);
});

it('stores the content of a file with several names under the first one', async () => {
  const content = Buffer.from('shared');
  const written = await rewrite(
    tarOf([
      entry('z', { content, mode: 0o755 }),
      entry('m', { type: TAR_TYPE.hardLink, linkname: 'z' }),
      entry('a', { type: TAR_TYPE.hardLink, linkname: 'm' }),
    ]),
  );
  expect(await read(written)).toMatchObject([
    { name: 'a', type: 'file', content: 'shared', mode: 0o755 },
    { name: 'm', type: 'link', linkname: 'a', mode: 0o755 },
    { name: 'z', type: 'link', linkname: 'a', mode: 0o755 },
  ]);
});

it.each<[string, (index: number) => string]>([
  ['one file', () => 'f'],
  ['the name before it', (index) => (index === 0 ? 'f' : `link-${index - 1}`)],
])(
  'rewrites 20,000 links, each to %s, in seconds',
  async (_, target) => {
    const links = Array.from({ length: 20_000 }, (_unused, index) =>
      entry(`link-${index}`, { type: TAR_TYPE.hardLink, linkname: target(index) }),
    );
    const started = Date.now();
    await rewrite(tarOf([entry('f', { content: Buffer.from('shared') }), ...links]));
    // It takes about a second on an idle machine.
    expect(Date.now() - started).toBeLessThan(40_000);
  },
  120_000,
);

it('puts whiteouts after their folder and before its other entries', async () => {
  const directory = { type: TAR_TYPE.directory, mode: 0o755 };
  const names = ['a/!', 'a/.wh..wh..opq', 'a/+', 'a/.wh.gone', 'a'];
  const written = await rewrite(
    tarOf(names.map((name) => entry(name, name === 'a' ? directory : {}))),
  );
  const order = (await read(written)).map(({ name }) => name.replace(/\/$/, ''));
  expect(order).toEqual(['a', 'a/.wh..wh..opq', 'a/.wh.gone', 'a/!', 'a/+']);
});

it.each(['gnu', 'pax'])('reads the %s format of GNU tar', async (format) => {
  const dir = path.join(folder(), format);
  const deep = path.join(dir, 'tree', ...Array.from({ length: 9 }, () => 'a-folder-below'));
  await mkdir(deep, { recursive: true });
  await writeFile(path.join(deep, 'file'), 'content');
  await link(path.join(deep, 'file'), path.join(dir, 'tree', 'hard'));
  await symlink('hard', path.join(dir, 'tree', 'soft'));
  const pack = (...more: string[]) =>
    promisify(execFile)('tar', ['-C', dir, `--format=${format}`, ...more, '-cf', '-', 'tree'], {
      encoding: 'buffer',
    });
  const written = await rewrite((await pack()).stdout);
  expect(written).toEqual(await rewrite((await pack('--sort=name', '--mtime=@99')).stdout));
  const found = await read(written);
  expect(found.every(({ mtime }) => mtime?.getTime() === 0)).toBe(true);
  const { content } = found.find(({ name }) => name.endsWith('below/file')) ?? {};
  expect(content).toBe('content');
  expect(found).toContainEqual(expect.objectContaining({ name: 'tree/hard', type: 'link' }));
  expect(found).toContainEqual(expect.objectContaining({ name: 'tree/soft', linkname: 'hard' }));
});

it.each([
  ['a repeated path', tarOf([entry('a'), entry('a')]), /two entries/],
  ['an unsupported kind of entry', tarOf([entry('a', { type: 'V' as never })]), /type "V"/],
  ['an incomplete file', tarOf([entry('a', { content: Buffer.alloc(900) })]).subarray(0, 900), /./],
  ['a file that is not a tar', Buffer.alloc(2048, 'x'), /not a tar/],
])('rejects %s', async (_, tar, message) => {
  await expect(rewrite(tar)).rejects.toMatchObject({
    code: 'LAYER_INVALID',
    message: expect.stringMatching(message),
  });
});

it('compresses a tar that fits into memory to the same bytes with any chunk size', async () => {
  const tar = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
  const cut = async function* () {
    for (let at = 0; at < tar.length; at += 777) yield tar.subarray(at, at + 777);
  };
  const whole = await buffer(Readable.from(gzipChunks(cut(), tar.length)));
  expect(whole.equals(Buffer.from(gzipTar(tar)))).toBe(true);
});
