import { chmod, link, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { imageContents } from '../../test/image-contents';
import { temporaryFolder } from '../../test/temporary-folder';
import { tinyBase, tinyBaseBlobs } from '../../test/tiny-base';
import { type Blob } from '../blob-store';
import { type Digest } from '../digest';
import { writeTar } from '../layer/tar';
import { OciLayout } from '../layout';
import { type ImageConfig, type ImageIndex, type ImageManifest, MEDIA_TYPE } from '../manifest';
import { buildImage, type BuildImageRequest } from './build-image';

const DOCKERFILE = `
FROM node:1 AS build
WORKDIR /workspace
FROM node:1
ARG APP
WORKDIR /app
COPY --from=build /workspace/dist/\${APP}/ ./
ENV PORT=3000
USER 1000:1000
HEALTHCHECK --retries=2 CMD ["node", "-e", "1"]
CMD ["node", "main.js"]
`;

const folder = temporaryFolder();

/** A workspace with one built app; `change` makes irrelevant changes. */
async function workspace(name: string, change?: (app: string) => Promise<void>) {
  const root = path.join(folder(), name);
  const app = path.join(root, 'dist', 'game');
  await mkdir(path.join(app, 'empty'), { recursive: true });
  await writeFile(path.join(app, 'main.js'), 'run()');
  await writeFile(path.join(app, 'tool'), 'x', { mode: 0o755 });
  await writeFile(path.join(root, 'Dockerfile'), DOCKERFILE);
  await change?.(app);
  return root;
}

function request(root: string, rest: Partial<BuildImageRequest> = {}): BuildImageRequest {
  return {
    dockerfile: path.join(root, 'Dockerfile'),
    args: { APP: 'game' },
    stages: { build: { root } },
    base: tinyBase(folder()),
    outDir: path.join(root, 'out'),
    ...rest,
  };
}

async function json<T>(layout: OciLayout, digest: Digest): Promise<T> {
  return JSON.parse((await layout.read(digest)).toString()) as T;
}

describe('buildImage', () => {
  it('writes a layout with the base image and the bundle above it', async () => {
    const root = await workspace('whole');
    const image = await buildImage(request(root));
    const layout = await OciLayout.open(path.join(root, 'out'));
    expect(await layout.images()).toMatchObject([
      { digest: image.digest, mediaType: image.mediaType },
    ]);
    const manifest = await json<ImageManifest>(layout, image.digest);
    const [platform] = image.platforms;
    expect(manifest.layers.map(({ digest }) => digest)).toEqual(
      platform?.layers.map(({ digest }) => digest),
    );
    expect(platform?.layers.map(({ fromBase }) => fromBase)).toEqual([true, false]);
    const config = await json<ImageConfig>(layout, manifest.config.digest);
    expect(config).toMatchObject({
      created: '1970-01-01T00:00:00Z',
      architecture: 'amd64',
      config: {
        Env: ['PATH=/usr/local/bin', 'PORT=3000'],
        Cmd: ['node', 'main.js'],
        Labels: { from: 'base' },
        User: '1000:1000',
        WorkingDir: '/app',
        Healthcheck: { Test: ['CMD', 'node', '-e', '1'], Retries: 2 },
      },
    });
    expect(config.rootfs.diff_ids).toEqual(platform?.layers.map(({ diffId }) => diffId));
    const withLayer = config.history?.filter(({ empty_layer }) => !empty_layer);
    expect(withLayer).toHaveLength(manifest.layers.length);
    expect(image.base).toEqual({ reference: 'node:1', standIn: false });
  });

  it('gives the same digest in any folder, with any times, umask and order of writing', async () => {
    const one = await buildImage(request(await workspace('one')));
    const root = await workspace('elsewhere/deeper', async (app) => {
      await rm(path.join(app, 'main.js'));
      await writeFile(path.join(app, 'main.js'), 'run()');
      await chmod(path.join(app, 'main.js'), 0o600);
      await chmod(path.join(app, 'tool'), 0o700);
      await utimes(path.join(app, 'main.js'), 1, 1);
    });
    const other = await buildImage(request(root));
    expect(other.digest).toBe(one.digest);
  });

  it('gives another digest for another bundle, and replaces the image in the folder', async () => {
    const root = await workspace('changing');
    const before = await buildImage(request(root));
    await writeFile(path.join(root, 'dist/game/main.js'), 'walk()');
    const after = await buildImage(request(root));
    expect(after.digest).not.toBe(before.digest);
    const layout = await OciLayout.open(path.join(root, 'out'));
    await expect(layout.read(before.digest)).rejects.toMatchObject({ code: 'BLOB_MISSING' });
  });

  it('writes an index for two platforms, which share the layer of the bundle', async () => {
    const root = await workspace('two');
    const base = tinyBase(folder(), ['linux/amd64', 'linux/arm64', 'linux/s390x']);
    const image = await buildImage(request(root, { base }));
    expect(image.mediaType).toBe(MEDIA_TYPE.ociIndex);
    expect(image.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    const [amd64, arm64] = image.platforms;
    expect(amd64?.layers[1]).toEqual(arm64?.layers[1]);
    expect(amd64?.layers[0]?.digest).not.toBe(arm64?.layers[0]?.digest);
    const layout = await OciLayout.open(path.join(root, 'out'));
    const index = await json<ImageIndex>(layout, image.digest);
    expect(index.manifests.map(({ platform, digest }) => [platform?.architecture, digest])).toEqual(
      [
        ['amd64', amd64?.digest],
        ['arm64', arm64?.digest],
      ],
    );
  });

  it('builds on a stand-in only for its own platform, even if another is requested', async () => {
    const root = await workspace('stand-in');
    const base = tinyBase(folder(), ['linux/arm64'], true);
    const image = await buildImage(request(root, { base, platforms: ['linux/amd64'] }));
    expect(image.platforms.map(({ platform }) => platform)).toEqual(['linux/arm64']);
    expect(image.base.standIn).toBe(true);
  });

  it.each<[string, Partial<BuildImageRequest>, string]>([
    ['the base image lacks a platform', { platforms: ['linux/arm64'] }, 'PLATFORM_MISSING'],
    ['a platform is invalid', { platforms: ['linux'] }, 'PLATFORM_MISSING'],
    ['the project is not built', { args: { APP: 'nope' } }, 'COPY_SOURCE_MISSING'],
    ['the Dockerfile does not exist', { dockerfile: '/nowhere' }, 'DOCKERFILE_MISSING'],
    [
      'the copy leaves the folder of the stage',
      { args: { APP: '../../../etc' } },
      'DOCKERFILE_UNSUPPORTED',
    ],
  ])('keeps the existing image if %s', async (_title, wrong, code) => {
    const root = await workspace(`kept-${code}-${_title.length}`);
    const { digest } = await buildImage(request(root));
    await expect(buildImage(request(root, wrong))).rejects.toMatchObject({ code });
    expect(await (await OciLayout.open(path.join(root, 'out'))).images()).toMatchObject([
      { digest },
    ]);
  });

  it('copies links, and files with several names as one', async () => {
    const root = await workspace('link', async (app) => {
      await symlink('main.js', path.join(app, 'link.js'));
      await link(path.join(app, 'main.js'), path.join(app, 'same.js'));
    });
    const contents = await contentsOf(root);
    expect(contents.get('/app/link.js')).toBe('symlink  0:0 main.js');
    expect(contents.get('/app/same.js')).toMatch(/= \/app\/main.js = \/app\/same.js$/);
  });

  it('creates folders with the owner of the copy, and does not change those that exist', async () => {
    const root = await workspace('folders');
    await writeFile(
      path.join(root, 'Dockerfile'),
      'FROM node:1 AS build\nWORKDIR /workspace\nFROM node:1\nWORKDIR /app/a\n' +
        'COPY --from=build --chown=7:8 /workspace/dist/game/ ./b/c/\n' +
        'COPY --from=build --chown=7:8 /workspace/dist/game/tool /usr/local/bin/\n',
    );
    const contents = await contentsOf(root);
    const folders = [
      '/app',
      '/app/a',
      '/app/a/b',
      '/app/a/b/c',
      '/app/a/b/c/empty',
      '/usr/local/bin',
    ];
    expect(folders.map((name) => contents.get(name))).toEqual([
      'directory 755 0:0',
      'directory 755 0:0',
      'directory 755 7:8',
      'directory 755 7:8',
      'directory 755 7:8',
      'directory 755 0:0',
    ]);
    expect(contents.get('/usr/local/bin/tool')).toMatch(/^file 755 7:8 /);
  });

  it('creates the folder of a WORKDIR without a COPY', async () => {
    const root = await workspace('only-workdir');
    await writeFile(path.join(root, 'Dockerfile'), 'FROM node:1\nUSER 5\nWORKDIR /new/deep\n');
    expect((await contentsOf(root)).get('/new/deep')).toBe('directory 755 5:5');
  });

  it('copies from its context without ignored files, extracts archives, and follows links of the image', async () => {
    const root = await workspace('context');
    const write = (name: string, content: string | Uint8Array) =>
      writeFile(path.join(root, name), content);
    await write('.dockerignore', '*.log\n!keep.log\n');
    for (const name of ['a.log', 'keep.log', 'x.txt']) await write(name, name);
    const member = { mode: 0o600, uid: 3, gid: 4 };
    const content = Buffer.from('packed');
    await write('files.tar', await writeTar([{ ...member, type: 'file', name: 'p/q', content }]));
    const to = { ...member, type: 'symlink', name: 'to', linkname: '/target' } as const;
    await write('links.tar', await writeTar([to]));
    await write(
      'Dockerfile',
      'FROM scratch\nADD links.tar /\nCOPY *.log x.txt /to/\nADD files.tar /d\n',
    );
    const contents = await contentsOf(root, { context: root });
    expect([...contents.keys()]).toEqual([
      '/d',
      '/d/p',
      '/d/p/q',
      '/target',
      '/target/keep.log',
      '/target/x.txt',
      '/to',
    ]);
    expect(contents.get('/d/p/q')).toMatch(/^file 600 3:4 /);
  });

  it('copies from stages that need no container, and from images', async () => {
    const root = await workspace('stages');
    await writeFile(
      path.join(root, 'Dockerfile'),
      'FROM scratch AS files\nCOPY Dockerfile /d\nFROM files AS more\nCOPY --from=0 /d /e\n' +
        'FROM scratch\nCOPY --from=more / /\nCOPY --from=node:1 /usr/local/bin/n* /bin/\n',
    );
    const contents = await contentsOf(root, { context: root });
    expect([...contents.keys()]).toEqual(['/bin', '/bin/node', '/d', '/e']);
  });

  it('rejects a name that would remove a file of the image', async () => {
    const root = await workspace('whiteout', (app) => writeFile(path.join(app, '.wh.etc'), ''));
    await expect(buildImage(request(root))).rejects.toMatchObject({
      code: 'FILE_UNSUPPORTED',
      message: expect.stringContaining('/app/.wh.etc'),
    });
  });

  it('keeps the bytes of names that are not UTF-8', async () => {
    const name = Buffer.from([0x61, 0xff, 0xe9]);
    const root = await workspace('bytes', (app) =>
      writeFile(Buffer.concat([Buffer.from(`${app}/`), name]), 'x'),
    );
    const image = await buildImage(request(root));
    const layout = await OciLayout.open(path.join(root, 'out'));
    const own = image.platforms[0]?.layers.at(-1);
    if (!own) throw new Error('the image has a layer of its own');
    const tarFile = gunzipSync(await readFile(await layout.blobFile(own)));
    expect(tarFile.includes(Buffer.concat([Buffer.from('path=app/'), name]))).toBe(true);
  });

  it('does not support an archive that Node cannot read', async () => {
    const root = await workspace('archives');
    await writeFile(path.join(root, 'b.xz'), Buffer.from('fd377a585a000000', 'hex'));
    await writeFile(path.join(root, 'Dockerfile'), 'FROM scratch\nADD b.xz /\n');
    const building = buildImage(request(root, { context: root }));
    await expect(building).rejects.toMatchObject({ code: 'DOCKERFILE_UNSUPPORTED' });
  });
});

/** The files of the only image. */
async function contentsOf(root: string, rest: Partial<BuildImageRequest> = {}) {
  const image = await buildImage(request(root, rest));
  const layout = await OciLayout.open(path.join(root, 'out'));
  const own = (layer: Blob) => layout.blobFile(layer);
  const files = (image.platforms[0]?.layers ?? []).map((layer) =>
    layer.fromBase ? tinyBaseBlobs(folder())(layer) : own(layer),
  );
  const layers = (await Promise.all(files)).map(async (file) => gunzipSync(await readFile(file)));
  return imageContents(await Promise.all(layers));
}
