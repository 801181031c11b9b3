import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { FakeRegistry } from '../../test/fake-registry';
import { publishBase } from '../../test/publish-base';
import { temporaryFolder } from '../../test/temporary-folder';
import { baseBlobs } from '../base/registry-base';
import { registryBase } from '../base/registry-base';
import { type Digest, digestOf } from '../digest';
import { OciLayout } from '../layout';
import { type ImageConfig } from '../manifest';
import { buildImage, type BuiltImage } from './build-image';
import { dockerArchives, writeArchive } from './docker-archive';
import { type ImageSource } from '../layout';
import { writeLayout } from '../layout';

const folder = temporaryFolder();
const registry = new FakeRegistry();
let built: BuiltImage;
let image: ImageSource;
let sparse: OciLayout;

beforeAll(async () => {
  const host = await registry.start();
  await publishBase(registry);
  const root = path.join(folder(), 'workspace');
  await mkdir(root, { recursive: true });
  await writeFile(path.join(root, 'main.js'), 'run()');
  const dockerfile = path.join(root, 'Dockerfile');
  const from = `${host}/node:lts`;
  await writeFile(
    dockerfile,
    `FROM ${from} AS build\nFROM ${from}\nCOPY --from=build /main.js /app/\n`,
  );
  const cacheDir = path.join(folder(), 'cache');
  const outDir = path.join(folder(), 'oci');
  built = await buildImage({
    dockerfile,
    stages: { build: { root } },
    base: registryBase({ cacheDir }),
    outDir,
  });
  sparse = await OciLayout.open(outDir, baseBlobs({ cacheDir, base: built.base, remedy: '' }));
  image = { layout: sparse, digest: built.digest };
});
afterAll(() => registry.stop());

const blobsOf = async (dir: string) => (await readdir(path.join(dir, 'blobs/sha256'))).sort();
const layersOf = (fromBase: boolean) =>
  new Set(
    built.platforms.flatMap(({ layers }) =>
      layers.filter((layer) => layer.fromBase === fromBase).map(({ digest }) => digest.slice(7)),
    ),
  );

async function entriesOf(tar: Buffer): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  const reading = extract();
  reading.on('entry', (header, stream, next) => {
    void buffer(stream).then((content) => {
      entries.set(header.name, content);
      next();
    });
  });
  const done = new Promise((resolve) => reading.on('finish', resolve));
  reading.end(tar);
  await done;
  return entries;
}

describe('the outputs of an image for two platforms', () => {
  it('contain in a sparse layout only the layer above the base image, and label the base image', async () => {
    const [own] = layersOf(false);
    const blobs = await blobsOf(sparse.dir);
    expect(layersOf(false).size).toBe(1);
    expect(blobs).toContain(own);
    // An index, and a manifest and a config for each platform.
    expect(blobs).toHaveLength(1 + 2 * 2 + 1);
    for (const { configDigest } of built.platforms) {
      const config = JSON.parse((await sparse.read(configDigest)).toString()) as ImageConfig;
      expect(config.config?.Labels).toMatchObject({
        'org.opencontainers.image.base.name': built.base.reference,
        'org.opencontainers.image.base.digest': built.base.digest,
      });
    }
  });

  it('contain in a complete layout each layer once', async () => {
    const dir = path.join(folder(), 'whole');
    await writeLayout(image, dir, 'team/app:build');
    const blobs = await blobsOf(dir);
    const all = [...layersOf(true), ...layersOf(false)];
    expect(all).toHaveLength(4);
    expect(blobs).toEqual([...new Set([...(await blobsOf(sparse.dir)), ...all])].sort());
    for (const name of blobs) {
      expect(digestOf(await readFile(path.join(dir, 'blobs/sha256', name)))).toBe(`sha256:${name}`);
    }
    const [top] = await (await OciLayout.open(dir)).images();
    expect(top).toMatchObject({
      digest: built.digest,
      annotations: { 'org.opencontainers.image.ref.name': 'team/app:build' },
    });
  });

  it('contain in the image archive of each platform the files that docker save writes', async () => {
    const archives = await dockerArchives(image, 'team/app:build');
    expect(archives.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    for (const [index, archive] of archives.entries()) {
      const entries = await entriesOf(await buffer(archive.open()));
      const [saved] = JSON.parse(entries.get('manifest.json')?.toString() ?? '') as {
        Config: string;
        RepoTags: string[];
        Layers: string[];
      }[];
      const platform = built.platforms[index];
      expect(saved).toMatchObject({
        Config: `${platform?.configDigest.slice(7)}.json`,
        RepoTags: ['team/app:build'],
      });
      const config = JSON.parse(entries.get(saved?.Config ?? '')?.toString() ?? '') as ImageConfig;
      const diffIds = saved?.Layers.map((name) =>
        digestOf(gunzipSync(entries.get(name) ?? Buffer.alloc(0))),
      );
      expect(diffIds).toEqual(config.rootfs.diff_ids);
    }
  });

  it('give the same image archive again, and keep the existing one if a layer is missing', async () => {
    const file = path.join(folder(), 'out', 'image.tar');
    const hashes = [];
    for (let time = 0; time < 2; time += 1) {
      const [archive] = await dockerArchives(image, 'team/app:build');
      if (!archive) throw new Error('there are two');
      await writeArchive(archive, file);
      hashes.push(
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      );
    }
    expect(hashes[1]).toBe(hashes[0]);
    const nowhere = () => Promise.resolve(path.join(folder(), 'nowhere'));
    const layout = await OciLayout.open(sparse.dir, nowhere);
    const [broken] = await dockerArchives({ ...image, layout }, 'team/app:build');
    if (!broken) throw new Error('there are two');
    await expect(writeArchive(broken, file)).rejects.toThrow('nowhere');
    expect(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ).toBe(hashes[0]);
    expect(await readdir(path.dirname(file))).toEqual(['image.tar']);
  });

  it('fail if the image is not in the layout', async () => {
    const digest: Digest = digestOf('another');
    await expect(writeLayout({ ...image, digest }, folder())).rejects.toMatchObject({
      code: 'IMAGE_MISSING',
    });
  });
});
