import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from '../../test/temporary-folder';
import { version } from 'fflate/package.json';
import { GZIP, gzipTar } from '../layer/gzip';
import { type TarMember } from '../layer/tar';
import { TAR_TYPE } from '../layer/tar-header';
import { OciLayout } from '../layout';
import { PackedLayers } from './packed-layers';

const folder = temporaryFolder();

const member = (text: string): TarMember => ({
  header: {
    name: 'app/main.js',
    type: TAR_TYPE.file,
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: text.length,
    linkname: '',
    device: { major: 0, minor: 0 },
    xattrs: new Map(),
  },
  content: [Buffer.from(text)],
});

/** One build of an image with these layers, and how many it compressed. */
async function build(name: string, texts: readonly string[]) {
  const layout = await OciLayout.create(path.join(folder(), name));
  let compressed = 0;
  const packing = await PackedLayers.open(layout, (tar) => {
    compressed += 1;
    return gzipTar(tar);
  });
  const layers = [];
  for (const text of texts) layers.push(await packing.pack([member(text)]));
  await packing.save();
  return { layout, layers, compressed };
}

const record = (name: string) => path.join(folder(), name, 'layers.json');

describe('PackedLayers', () => {
  it('compresses only the layers that the previous build does not have', async () => {
    const first = await build('changed', ['dependencies', 'service']);
    const second = await build('changed', ['dependencies', 'service 2']);
    expect([first.compressed, second.compressed]).toEqual([2, 1]);
    const fresh = await build('fresh', ['dependencies', 'service 2']);
    expect(second.layers).toEqual(fresh.layers);
  });

  it('compresses a layer of several platforms once', async () => {
    await expect(build('platforms', ['same', 'same'])).resolves.toMatchObject({ compressed: 1 });
  });

  it('names the uncompressed content of each blob', async () => {
    const { layout, layers } = await build('content', ['content']);
    const tar = gunzipSync(await layout.read(layers[0]!.descriptor.digest));
    expect(tar.includes('content')).toBe(true);
  });

  it('compresses a layer again if its blob is damaged', async () => {
    const { layout, layers } = await build('damaged', ['x']);
    const { digest, size } = layers[0]!.descriptor;
    await writeFile(layout.blobPath(digest), Buffer.alloc(size));
    await expect(build('damaged', ['x'])).resolves.toMatchObject({ compressed: 1, layers });
    await expect(layout.read(digest)).resolves.toHaveLength(size);
  });

  it.each([
    ['another compression', (text: string) => text.replace(GZIP, 'zlib')],
    ['a truncated record', (text: string) => text.slice(0, 20)],
    ['a record of another form', () => '{ "gzip": null, "layers": [] }'],
  ])('ignores %s', async (title, change) => {
    await build(title, ['x']);
    await writeFile(record(title), change(await readFile(record(title), 'utf8')));
    await expect(build(title, ['x'])).resolves.toMatchObject({ compressed: 1 });
  });
});

describe('GZIP', () => {
  it('names the installed version of fflate', () => {
    expect(GZIP).toContain(`fflate ${version},`);
  });
});
