import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { extract, type Headers } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { digestOf } from '../digest';
import { createLayer, type LayerFile } from './create-layer';

interface Read extends Headers {
  text: string;
}

async function entriesOf(bytes: Uint8Array): Promise<Read[]> {
  const entries: Read[] = [];
  const reading = extract();
  reading.on('entry', (header, stream, next) => {
    void buffer(stream).then((content) => {
      entries.push({ ...header, text: content.toString() });
      next();
    });
  });
  const done = new Promise((resolve) => reading.on('finish', resolve));
  reading.end(gunzipSync(bytes));
  await done;
  return entries;
}

const file = (path: string, text = '', rest: Partial<LayerFile> = {}): LayerFile => ({
  path,
  content: Buffer.from(text),
  ...rest,
});

describe('createLayer', () => {
  it('gives the recorded bytes for a recorded input', async () => {
    const layer = await createLayer([
      file('/app/main.js', 'run'),
      file('/app/bin/x', 'x', { executable: true }),
    ]);
    expect(layer.diffId).toBe(
      'sha256:b376b2bea82f56501f58d08ca53068641b8f922e4c262d0e5c781413199a0a79',
    );
    expect(layer.descriptor.digest).toBe(
      'sha256:26ff2d2ace5bc01dc8bc6a496096e993a8e4dff5898c4195ef81235370d6400e',
    );
  });

  it('returns digest, size and diff ID of its bytes', async () => {
    const { bytes, descriptor, diffId } = await createLayer([file('/a', 'x')]);
    expect(descriptor).toMatchObject({ digest: digestOf(bytes), size: bytes.length });
    expect(diffId).toBe(digestOf(gunzipSync(bytes)));
  });

  it('sorts entries by bytes, with root as owner, the epoch as time, and each parent once', async () => {
    const { bytes } = await createLayer([
      file('/app/b/two'),
      file('/app/b/one'),
      file('/app/Z'),
      file('/app/a', 'x', { executable: true }),
    ]);
    const entries = await entriesOf(bytes);
    expect(entries.map(({ name, mode }) => [name, mode?.toString(8)])).toEqual([
      ['app/', '755'],
      ['app/Z', '644'],
      ['app/a', '755'],
      ['app/b/', '755'],
      ['app/b/one', '644'],
      ['app/b/two', '644'],
    ]);
    for (const { uid, gid, mtime, uname, gname } of entries) {
      expect([uid, gid, mtime?.getTime(), uname, gname]).toEqual([0, 0, 0, '', '']);
    }
  });

  it('does not contain folders of base images', async () => {
    const { bytes } = await createLayer([file('/tmp/x'), file('/usr/local/bin/y')]);
    expect((await entriesOf(bytes)).map(({ name }) => name)).toEqual(['tmp/x', 'usr/local/bin/y']);
  });

  it('supports long and non-ASCII names', async () => {
    const names = [
      `/app/${'long-name-'.repeat(30)}.js`,
      `/app/${'d/'.repeat(120)}x`,
      '/app/ünï☃.txt',
    ];
    const { bytes } = await createLayer(names.map((name) => file(name, name)));
    const files = (await entriesOf(bytes)).filter(({ type }) => type === 'file');
    expect(files.map(({ name, text }) => [`/${name}`, text]).sort()).toEqual(
      names.map((name) => [name, name]).sort(),
    );
  });

  it.each([
    [[file('/a'), file('/a')], 'two entries'],
    [[file('/a'), file('/a/b')], 'both a file and the folder'],
    [[file('a')], 'Expected an absolute path'],
    [[file('/../a')], 'Expected an absolute path'],
    [[file('/a//b')], 'Expected an absolute path'],
    [[file('/')], 'Expected an absolute path'],
  ])('rejects invalid files (%#)', async (files, expected) => {
    await expect(createLayer(files)).rejects.toMatchObject({
      code: 'LAYER_INVALID',
      message: expect.stringContaining(expected),
    });
  });

  it('gives the same digest for any order of the same files', async () => {
    const names = fc.uniqueArray(
      fc.stringMatching(/^[a-zA-Z0-9._-]{1,8}$/).filter((name) => !/^\.+$/.test(name)),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    const shuffled = names.chain((list) => {
      const files = list.map((name, index) =>
        file(`/app/${index % 3}/${name}`, name.repeat(index)),
      );
      return fc.tuple(
        fc.constant(files),
        fc.shuffledSubarray(files, { minLength: files.length, maxLength: files.length }),
      );
    });
    await fc.assert(
      fc.asyncProperty(shuffled, async ([files, others]) => {
        expect((await createLayer(others)).descriptor).toEqual(
          (await createLayer(files)).descriptor,
        );
      }),
      { numRuns: 50 },
    );
  });
});
