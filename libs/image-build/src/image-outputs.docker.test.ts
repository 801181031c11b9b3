import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Descriptor,
  MEDIA_TYPE,
  OciLayout,
  parsePlatform,
  type Blob,
  copy,
  RemoteRepository,
  RegistryClient,
  standInBase,
} from '@typerush/oci';
import { MemoryRegistry, password } from '@typerush/oci/testing';
import { layersOfBase, registryBases } from './base-lock/base-images';
import { type BuiltImage, readServiceImage } from '@typerush/pipeline-context';
import { engines } from './engines/engines';
import { buildService } from './build-service';
import { loadImage } from './load-image';

/** Publishes the stand-in as a base image of two platforms with one layer, so that one of them runs here. */
async function publishBase(root: string, client: RegistryClient): Promise<void> {
  const cacheDir = path.join(root, 'cache/typerush/oci');
  const standIn = await standInBase({ cacheDir }).resolve('node');
  const { config, layers } = await standIn.load(parsePlatform(standIn.platforms[0] ?? ''));
  const layout = await OciLayout.create(path.join(root, 'base'));
  const write = async (mediaType: string, value: unknown): Promise<Descriptor> => ({
    mediaType,
    ...(await layout.write(Buffer.from(JSON.stringify(value)))),
  });
  const manifests = [];
  for (const architecture of ['amd64', 'arm64']) {
    const ownConfig = await write(MEDIA_TYPE.ociConfig, { ...config, architecture });
    const manifest = await write(MEDIA_TYPE.ociManifest, {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: ownConfig,
      layers: layers.map(({ descriptor }) => descriptor),
    });
    manifests.push({ ...manifest, platform: { os: 'linux', architecture } });
  }
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests };
  const top = await write(MEDIA_TYPE.ociIndex, index);
  await layout.setImages([top]);
  const missing = async ({ digest }: Blob) => path.join(cacheDir, 'blobs/sha256', digest.slice(7));
  const source = await OciLayout.open(layout.dir, missing);
  await copy(source, top.digest, new RemoteRepository(client, 'node'), { tags: ['lts'] });
}

// A hundred megabytes are packed, sent and loaded.
jest.setTimeout(300_000);

const registry = new MemoryRegistry();
let root: string;
let variables: Record<string, string | undefined>;
let image: BuiltImage;

const write = async (file: string, text: string) => {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
};
const run = (file: string, ...args: string[]) => execFileSync(file, args, { encoding: 'utf8' });
const output = (...names: string[]) => path.join(root, 'dist/images/a', ...names);
const tag = 'nx-ecr-outputs/a:build';

beforeAll(async () => {
  await registry.start();
  root = await mkdtemp(path.join(tmpdir(), 'outputs-'));
  const auth = Buffer.from(`AWS:${password}`).toString('base64');
  await write('docker/config.json', JSON.stringify({ auths: { [registry.host]: { auth } } }));
  variables = {
    ...process.env,
    XDG_CACHE_HOME: path.join(root, 'cache'),
    DOCKER_CONFIG: path.join(root, 'docker'),
  };
  const credentials = { username: 'AWS', password };
  await publishBase(root, new RegistryClient({ host: registry.host, credentials }));
  const from = `${registry.host}/node:lts`;
  await write(
    'Dockerfile',
    [
      `FROM ${from} AS build`,
      'WORKDIR /workspace',
      `FROM ${from}`,
      'ARG OUTPUT',
      'WORKDIR /app',
      'COPY --from=build /workspace/${OUTPUT}/ ./',
      'CMD ["node", "main.js"]',
      '',
    ].join('\n'),
  );
  await write('registry.json', JSON.stringify({ namespace: 'nx-ecr-outputs', naming: 'shared' }));
  await write('package.json', '{}');
  await write('apps/a/package.json', '{}');
  const config = { repository: 'a', retention: 'environment', port: 3000, health: '/' };
  const platforms = ['linux/amd64', 'linux/arm64'];
  await write('apps/a/image.json', JSON.stringify({ ...config, platforms }));
  await write('dist/apps/a/main.js', 'console.log("it runs")');

  const projects = { a: { root: 'apps/a' } };
  const context = { root, projectName: 'a', projectsConfigurations: { version: 2, projects } };
  const report = await buildService(
    await readServiceImage(context, 'dev'),
    {
      environment: 'dev',
      dockerfile: 'Dockerfile',
      engine: 'oci',
      base: 'registry',
      dryRun: false,
      output: 'layout,archive',
      load: true,
    },
    {
      engines: engines(variables),
      reporter: { progress: () => undefined, note: () => undefined },
      layersOfBase: (built) => layersOfBase(built, { variables, insecureRegistries: [] }),
      load: (archive) => loadImage(archive, variables),
      hostPlatform: 'linux/amd64',
    },
  );
  image = report.data as BuiltImage;
});
afterAll(async () => {
  await registry.stop();
  for (const client of ['docker', 'podman']) run(client, 'rmi', '--force', tag);
  await rm(root, { recursive: true });
});

describe('an image for two platforms in one pass', () => {
  const amd64 = () => image.platforms[0]?.configDigest;

  it('is based on the index of its base image, and has one own layer for both', async () => {
    const base = await registryBases({ variables, insecureRegistries: [] }).resolve(
      `${registry.host}/node:lts`,
    );
    expect(image.base).toMatchObject({ digest: base.digest, standIn: false });
    expect(image.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    const [one, other] = image.platforms.map(({ layers }) => layers.at(-1)?.digest);
    expect(other).toBe(one);
  });

  it('is loaded into docker for this machine by --load, and runs there', () => {
    expect(run('docker', 'inspect', '--format={{.Id}}', tag).trim()).toBe(amd64());
    expect(run('docker', 'run', '--rm', '--network=none', tag)).toBe('it runs\n');
    const history = run('docker', 'history', '--no-trunc', '--format={{.CreatedBy}}', tag);
    expect(history.split('\n').slice(0, 4)).toEqual([
      'CMD ["node","main.js"]',
      'COPY /workspace/dist/apps/a /app/',
      'WORKDIR /app',
      'ARG OUTPUT=dist/apps/a',
    ]);
    const labels = run('docker', 'inspect', '--format={{json .Config.Labels}}', tag);
    expect(JSON.parse(labels)).toMatchObject({
      'org.opencontainers.image.base.name': `${registry.host}/node:lts`,
      'org.opencontainers.image.base.digest': image.base.digest,
    });
  });

  it('is loaded into podman from its archive', () => {
    run('podman', 'load', '--quiet', '--input', output('image-linux-amd64.tar'));
    const id = run('podman', 'inspect', '--format={{.Id}}', `localhost/${tag}`).trim();
    expect(`sha256:${id}`).toBe(amd64());
  });

  it('is read and copied by skopeo from its layout and its archives', () => {
    for (const { platform, layers } of image.platforms) {
      const [, architecture = ''] = platform.split('/');
      const arch = `--override-arch=${architecture}`;
      const inspected = JSON.parse(run('skopeo', arch, 'inspect', `oci:${output('layout')}`));
      expect(inspected.Layers).toEqual(layers.map((layer) => layer.digest));
      const archive = `docker-archive:${output(`image-linux-${architecture}.tar`)}`;
      expect(JSON.parse(run('skopeo', 'inspect', archive))).toMatchObject({
        Architecture: architecture,
      });
      run('skopeo', 'copy', '--quiet', archive, `dir:${path.join(root, `copied-${architecture}`)}`);
    }
    const copy = path.join(root, 'copied');
    run('skopeo', 'copy', '--quiet', '--all', `oci:${output('layout')}`, `oci:${copy}:build`);
    const [line] = JSON.parse(run('cat', path.join(copy, 'index.json'))).manifests;
    expect(line.digest).toBe(image.digest);
  });
});
