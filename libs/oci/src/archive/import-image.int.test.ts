import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { type ArchiveForm, engineArchive, engineLayer } from '../../test/engine-archive';
import { temporaryFolder } from '../../test/temporary-folder';
import { tinyBase } from '../../test/tiny-base';
import { type BaseImage } from '../base/base-source';
import { BlobStore } from '../blob-store';
import { digestOf } from '../digest';
import { finalSteps } from '../dockerfile/final-steps';
import { buildImage } from '../image/build-image';
import { createLayer } from '../layer/create-layer';
import { OciLayout } from '../layout';
import { type ImageConfig } from '../manifest';
import { type EngineBase, importImage } from './import-image';

const folder = temporaryFolder();
const fresh = (() => {
  let count = 0;
  return () => path.join(folder(), `layout-${count++}`);
})();

const dockerfile = `ARG NODE_IMAGE=host/node:1
FROM \${NODE_IMAGE} AS build
WORKDIR /workspace
FROM \${NODE_IMAGE}
WORKDIR /app
COPY --from=build /workspace/dist/ ./
EXPOSE 80
USER 1000
`;

let base: BaseImage;
let baseTar: Buffer;
let ours: readonly Buffer[];
let engineBase: EngineBase;
beforeAll(async () => {
  const found = await tinyBase(folder()).resolve('host/node:1');
  base = await found.load({ os: 'linux', architecture: 'amd64' });
  engineBase = { reference: 'host/node:1', standIn: false, load: () => Promise.resolve(base) };
  const content = Buffer.from('node for amd64');
  const layer = await createLayer([{ path: '/usr/local/bin/node', content, executable: true }]);
  baseTar = gunzipSync(layer.bytes);
  ours = [
    await engineLayer({ 'app/': '' }, 1_700_000_000),
    await engineLayer({ 'app/main.js': 'main', 'app/': '', 'app/lib.js': 'lib' }, 1_700_000_001),
  ];
});

/** As Docker writes it, with fields that do not belong in an image. */
function engineConfig(layers: readonly Buffer[]): ImageConfig {
  return {
    architecture: 'amd64',
    os: 'linux',
    created: '2026-11-21T20:06:34.518745751Z',
    container: '702b64750fdb',
    container_config: { Hostname: '702b64750fdb' },
    docker_version: '20.10.24',
    config: {
      Hostname: '702b64750fdb',
      Domainname: '',
      User: '1000',
      AttachStdin: false,
      ExposedPorts: { '80/tcp': {} },
      Env: ['PATH=/usr/local/bin', 'PORT=1'],
      Cmd: ['node'],
      Image: digestOf('parent'),
      Volumes: null,
      WorkingDir: '/app',
      Entrypoint: null,
      OnBuild: null,
      Labels: { from: 'base', 'io.buildah.version': '1.28.2' },
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => digestOf(layer)) },
    history: [
      { created: '2026-11-21T20:06:20Z', created_by: 'base' },
      { created: '2026-11-21T20:06:30Z', created_by: 'WORKDIR /app', comment: 'buildkit' },
      { created: '2026-11-21T20:06:31Z', created_by: 'COPY /workspace/dist/ ./ # buildkit' },
      { created: '2026-11-21T20:06:32Z', created_by: 'USER 1000', empty_layer: true },
    ],
  };
}

const stepsOn = () => finalSteps(dockerfile, {});
const saved = (form: ArchiveForm, layers = [baseTar, ...ours]) =>
  engineArchive(form, { config: engineConfig(layers), layers });
const importOf = (archive: () => Readable, changes: object = {}) =>
  importImage({
    platforms: [{ platform: 'linux/amd64', archive }],
    base: engineBase,
    stepsOn,
    outDir: fresh(),
    ...changes,
  });
async function configIn(outDir: string): Promise<ImageConfig> {
  const layout = await OciLayout.open(outDir);
  const [image] = await layout.images();
  if (!image) throw new Error('a layout names its image');
  const { config } = JSON.parse(String(await layout.read(image.digest)));
  return JSON.parse(String(await layout.read(config.digest)));
}

const forms: ArchiveForm[] = ['docker 20', 'docker 25', 'docker on containerd', 'podman'];

it.each(forms)(
  'imports an image archive of %s as the same image that buildImage creates',
  async (form) => {
    const root = path.join(folder(), 'workspace');
    await mkdir(path.join(root, 'dist'), { recursive: true });
    await writeFile(path.join(root, 'Dockerfile'), dockerfile);
    await writeFile(path.join(root, 'dist/main.js'), 'main');
    await writeFile(path.join(root, 'dist/lib.js'), 'lib');
    const built = await buildImage({
      dockerfile: path.join(root, 'Dockerfile'),
      stages: { build: { root } },
      base: tinyBase(folder()),
      platforms: ['linux/amd64'],
      outDir: fresh(),
    });
    expect(await importOf(saved(form))).toEqual(built);
  },
);

it.each(forms)(
  'does not store layers of a loaded base image or temporary files: %s',
  async (form) => {
    const outDir = fresh();
    const { platforms } = await importOf(saved(form), { outDir });
    const [below, own] = platforms[0]?.layers ?? [];
    expect([below?.fromBase, own?.fromBase]).toEqual([true, false]);
    const blobs = new BlobStore(outDir);
    expect(await blobs.size(below?.digest ?? 'sha256:')).toBeUndefined();
    expect(await blobs.size(own?.digest ?? 'sha256:')).toBe(own?.size);
    expect(await readdir(outDir)).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^\./)]),
    );
  },
);

it('stores the layers of a base image that cannot be loaded, unchanged', async () => {
  const outDir = fresh();
  const own = { reference: 'mine', standIn: false, diffIds: [digestOf(baseTar)] };
  const { platforms } = await importOf(saved('docker 20'), { base: own, outDir });
  const [below] = platforms[0]?.layers ?? [];
  expect(below).toMatchObject({ diffId: digestOf(baseTar), fromBase: true });
  const file = new BlobStore(outDir).path(below?.digest ?? 'sha256:');
  expect(gunzipSync(await readFile(file)).equals(baseTar)).toBe(true);
});

it('treats all layers as own if the base image is another one', async () => {
  const other = await engineLayer({ 'etc/': '' }, 1);
  const { platforms } = await importOf(saved('docker 25', [other, ...ours]));
  expect(platforms[0]?.layers.map(({ fromBase }) => fromBase)).toEqual([false, false]);
});

it('removes the temporary folder of a killed import', async () => {
  const outDir = fresh();
  await mkdir(path.join(outDir, '.import-killed'), { recursive: true });
  await importOf(saved('podman'), { outDir });
  expect((await readdir(outDir)).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
});

it('follows the link of a repeated layer', async () => {
  const [, layer] = ours;
  if (!layer) throw new Error('there is one');
  const { platforms } = await importOf(saved('docker 20', [baseTar, layer, layer]));
  const [, first, second] = platforms[0]?.layers ?? [];
  expect(first?.digest).toBe(second?.digest);
});

it('uses the history of the engine without steps of the Dockerfile', async () => {
  const outDir = fresh();
  await importOf(saved('docker 20'), { stepsOn: undefined, outDir });
  const created = '1970-01-01T00:00:00Z';
  expect((await configIn(outDir)).history).toEqual([
    { created_by: 'base' },
    { created, created_by: 'WORKDIR /app', empty_layer: true },
    { created, created_by: 'COPY /workspace/dist/ ./ # buildkit' },
    { created, created_by: 'USER 1000', empty_layer: true },
  ]);
});

it('removes all fields of the build container', async () => {
  const outDir = fresh();
  await importOf(saved('docker 20'), { outDir });
  const config = await configIn(outDir);
  expect(Object.keys(config)).toEqual([
    'created',
    'os',
    'architecture',
    'config',
    'rootfs',
    'history',
  ]);
  expect(Object.keys(config.config ?? {})).toEqual([
    'User',
    'ExposedPorts',
    'Env',
    'Cmd',
    'WorkingDir',
    'Labels',
  ]);
});

it.each<[string, (whole: Buffer) => Readable, string]>([
  [
    'is incomplete',
    (whole) => Readable.from([whole.subarray(0, whole.length / 2)]),
    'ARCHIVE_INVALID',
  ],
  ['is not a tar', () => Readable.from([Buffer.alloc(4096, 'x')]), 'ARCHIVE_INVALID'],
  ['contains no image', () => Readable.from([Buffer.alloc(1024)]), 'ARCHIVE_INVALID'],
])('keeps the existing image if the image archive %s', async (_, archive, code) => {
  const outDir = fresh();
  const { digest } = await importOf(saved('podman'), { outDir });
  const whole = await buffer(saved('podman')());
  await expect(importOf(() => archive(whole), { outDir })).rejects.toMatchObject({ code });
  const layout = await OciLayout.open(outDir);
  expect((await layout.images()).map((image) => image.digest)).toEqual([digest]);
  expect((await readdir(outDir)).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
});
