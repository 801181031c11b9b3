import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBuiltImage, writeBuiltImage, type BuiltImage } from '@typerush/pipeline-context';
import { runCommand } from '@typerush/child-process';
import { type BuildPlan } from '../src/build-plan';
import { type ImageEngine } from '../src/engines/image-engine';
import { OciEngine } from '../src/engines/oci-engine';
import { BaseRegistry } from './base-registry';
import { describeInvalidBuilds, describeUnsupportedDockerfile } from './invalid-builds';
import {
  type Bench,
  configOf,
  type EngineUnderTest,
  EngineWorkspace,
  filesOf,
  imagesIn,
  layoutIn,
  realBaseDockerfile,
  repository,
  silent,
  standInDockerfile,
} from './engine-workspace';

/** What every engine has to do. */
export function describeEngine(subject: EngineUnderTest): void {
  let workspace: EngineWorkspace;
  let engine: ImageEngine;
  beforeAll(async () => {
    workspace = await EngineWorkspace.create();
    engine = subject.create({ noCache: false });
  });
  beforeEach(() => workspace.reset(standInDockerfile));
  afterAll(() => workspace.remove());

  const oci = new OciEngine({ XDG_CACHE_HOME: subject.cacheHome });
  const bench: Bench = {
    ...subject,
    get workspace() {
      return workspace;
    },
    get engine() {
      return engine;
    },
    build: (changes) => engine.build(workspace.plan(changes), silent),
    reference: (changes) => oci.build(workspace.plan(changes), silent),
  };
  describeResult(bench);
  describeContent(bench);
  describe('with a base from a registry', () => describeRegistryBase(bench));
  describe('with invalid input', () => describeInvalidBuilds(bench));
  if (subject.client) describeInEngine(bench, subject.client);
  else describeUnsupportedDockerfile(bench);
}

function describeResult(bench: Bench): void {
  it('is available on this machine', async () => {
    expect(await bench.engine.detect(bench.workspace.plan())).toMatchObject({ available: true });
  });

  it('distinguishes the layers of the base image from those of the service', async () => {
    const image = await bench.build();
    expect(image).toMatchObject({
      service: 'app',
      repository,
      engine: bench.engine.name,
      layout: 'oci',
      base: { reference: 'registry.invalid/node:1', digest: null, standIn: true },
    });
    const layers = image.platforms[0]?.layers ?? [];
    expect(layers.map(({ fromBase }) => fromBase)).toEqual([true, false, false, false]);
  });

  it('returns a build.json that can be read again, and whose blobs exist', async () => {
    const { outDir } = bench.workspace.plan();
    const image = await bench.build({ outDir });
    await writeBuiltImage(outDir, image);
    expect(await readBuiltImage(outDir)).toEqual(image);
    const layout = await layoutIn(outDir);
    expect(await imagesIn(outDir)).toEqual([image.digest]);
    for (const layer of image.platforms[0]?.layers ?? []) {
      const content = layout.blobFile(layer);
      // The base's layers are in the machine's cache.
      if (layer.fromBase) await expect(content).rejects.toMatchObject({ code: 'BLOB_MISSING' });
      else await content;
    }
  });

  it('builds the same image again for the same input, and another one for another input', async () => {
    const { digest } = await bench.build();
    await sleep(1100);
    const again = await bench.create({ noCache: true }).build(bench.workspace.plan(), silent);
    expect(again.digest).toBe(digest);
    await bench.workspace.write('dist/app/service/main.js', 'console.log("two");');
    const other = await bench.build();
    expect(other.digest).not.toBe(digest);
    const layers = (image: BuiltImage) => image.platforms[0]?.layers.map(({ digest }) => digest);
    expect(layers(other)?.slice(0, 3)).toEqual(layers(again)?.slice(0, 3));
  });

  it('builds the same image as the oci engine', async () => {
    const [own, reference] = [await bench.build(), await bench.reference()];
    expect(own).toEqual({ ...reference, engine: bench.engine.name });
  });

  it('builds the same image as the oci engine with packages that are shipped as files', async () => {
    await bench.workspace.writePackages();
    const [own, reference] = [await bench.build(), await bench.reference()];
    expect(own).toEqual({ ...reference, engine: bench.engine.name });
  });

  it('uses a stand-in for an unreachable base image, and reports it', async () => {
    const notes: string[] = [];
    const reporter = { ...silent, note: (line: string) => void notes.push(line) };
    const image = await bench.engine.build(bench.workspace.plan({ base: 'auto' }), reporter);
    expect(image.base.standIn).toBe(true);
    expect(notes.join()).toMatch(/registry\.invalid.*stand-in/);
  });
}

function describeContent(bench: Bench): void {
  it('writes the configuration of the Dockerfile', async () => {
    const { outDir } = bench.workspace.plan();
    const { config, history } = await configOf(await bench.build({ outDir }), outDir);
    expect(config).toMatchObject({
      Env: expect.arrayContaining(['NODE_ENV=production', 'PORT=3000']),
      User: '1000:1000',
      ExposedPorts: { '3000/tcp': {} },
      WorkingDir: '/app',
      Cmd: ['node', 'service/main.js'],
      StopSignal: 'SIGTERM',
      Healthcheck: {
        Test: ['CMD', 'node', '-e', 'process.exit(0)'],
        Interval: 10e9,
        Timeout: 3e9,
        StartPeriod: 20e9,
        Retries: 3,
      },
    });
    expect(config?.Labels).toEqual({
      'dev.typerush.base.stand-in': expect.stringContaining('node v'),
      'org.opencontainers.image.base.name': 'registry.invalid/node:1',
      'org.opencontainers.image.title': 'app',
      'org.opencontainers.image.version': '1.2.3',
    });
    expect(history?.map(({ created_by }) => created_by)).toEqual(
      expect.arrayContaining(['WORKDIR /app', 'USER 1000:1000']),
    );
    expect(history?.every(({ created }) => created === '1970-01-01T00:00:00Z')).toBe(true);
  });

  it('writes files with the modes and owners of the Dockerfile, and without times', async () => {
    await chmod(path.join(bench.workspace.root, 'dist/app/service/start'), 0o700);
    const { outDir } = bench.workspace.plan();
    expect(await filesOf(await bench.build({ outDir }), outDir)).toEqual([
      [
        'drwxr-xr-x 0/0 1970-01-01 00:00:00 app/',
        'drwxr-xr-x 0/0 1970-01-01 00:00:00 app/dependencies/',
        'drwxr-xr-x 0/0 1970-01-01 00:00:00 app/dependencies/deep/',
        'drwxr-xr-x 0/0 1970-01-01 00:00:00 app/dependencies/deep/er/',
        '-rw-r--r-- 0/0 1970-01-01 00:00:00 app/dependencies/deep/er/index.js',
      ],
      ['drwxr-xr-x 0/0 1970-01-01 00:00:00 app/', 'drwxr-xr-x 0/0 1970-01-01 00:00:00 app/public/'],
      [
        'drwxr-xr-x 0/0 1970-01-01 00:00:00 app/',
        'drwxr-xr-x 7/8 1970-01-01 00:00:00 app/service/',
        '-rw-r--r-- 7/8 1970-01-01 00:00:00 app/service/main.js',
        '-rwxr-xr-x 7/8 1970-01-01 00:00:00 app/service/start',
      ],
    ]);
  });
}

function describeRegistryBase(bench: Bench): void {
  let registry: BaseRegistry;
  beforeAll(async () => {
    registry = await BaseRegistry.start(['linux/amd64', 'linux/arm64']);
  });
  afterAll(() => registry.stop());
  beforeEach(() => bench.workspace.write('Dockerfile', realBaseDockerfile(registry.reference())));

  const real = (changes: Partial<BuildPlan> = {}): Partial<BuildPlan> => ({
    base: 'auto',
    ...changes,
  });

  it('records it, and its layers by the digests of the registry', async () => {
    const { outDir } = bench.workspace.plan();
    const image = await bench.build(real({ outDir }));
    expect(image.base).toEqual({
      reference: registry.reference(),
      digest: registry.digest,
      standIn: false,
    });
    const { config, history } = await configOf(image, outDir);
    expect(config?.Labels).toMatchObject({
      'org.opencontainers.image.base.name': registry.reference(),
      'org.opencontainers.image.base.digest': registry.digest,
    });
    expect(history?.[0]).toEqual({ created: '2026-01-02T03:04:05Z', created_by: 'ADD rootfs' });
    const reference = await bench.reference(real());
    expect(image.platforms).toEqual(reference.platforms);
  });

  it('rejects one that the registry does not have', async () => {
    await bench.workspace.write('Dockerfile', realBaseDockerfile(registry.reference('none')));
    await expect(bench.build(real())).rejects.toMatchObject({
      code: 'MANIFEST_UNKNOWN',
      message: expect.stringContaining('base/node'),
    });
  });

  const platforms = ['linux/amd64', 'linux/arm64'];
  if (bench.isMultiPlatform ?? true) {
    it('builds for several platforms in one pass, into one index', async () => {
      const image = await bench.build(real({ platforms }));
      expect(image.mediaType).toBe('application/vnd.oci.image.index.v1+json');
      expect(image.platforms.map(({ platform }) => platform)).toEqual(platforms);
      const own = image.platforms.map(({ layers }) =>
        layers.filter(({ fromBase }) => !fromBase).map(({ digest }) => digest),
      );
      expect(own[0]).toEqual(own[1]);
      const reference = await bench.reference(real({ platforms }));
      expect(image.digest).toBe(reference.digest);
    });
  } else {
    it('is unavailable for several platforms', async () => {
      expect(await bench.engine.detect(bench.workspace.plan({ platforms }))).toMatchObject({
        available: false,
        code: 'PLATFORMS_UNSUPPORTED',
      });
    });
  }
}

function describeInEngine(bench: Bench, client: string): void {
  it('keeps an image that runs, as <repository>:build', async () => {
    await bench.build();
    // podman asks for more than a restricted machine may give.
    const limits = client === 'podman' ? ['--ulimit=nofile=1024', '--ulimit=nproc=1024'] : [];
    const flags = ['run', '--rm', '--network=none', ...limits, `${repository}:build`];
    expect(await runCommand(client, flags, { env: process.env })).toMatchObject({
      code: 0,
      stdout: 'one\n',
    });
  });

  it('keeps links, modes and whiteouts of a RUN, and builds the same image again', async () => {
    const steps = `USER 0
RUN echo made > made && ln -s made soft && ln made hard && chmod 4750 made && rm /etc/group && mkdir -m 1777 sticky
USER 1000
`;
    await bench.workspace.write('Dockerfile', `${standInDockerfile}${steps}`);
    const { outDir } = bench.workspace.plan();
    const image = await bench.build({ outDir });
    const [, , , made = []] = await filesOf(image, outDir);
    // podman leaves the files and folders that it mounts on if the base image has none.
    const mountPoint = / (etc\/|etc\/hostname|etc\/hosts|etc\/resolv\.conf|run\/)$/;
    expect(made.filter((line) => !mountPoint.test(line))).toEqual([
      'drwxr-xr-x 0/0 1970-01-01 00:00:00 app/',
      '-rwsr-x--- 0/0 1970-01-01 00:00:00 app/hard',
      'hrwsr-x--- 0/0 1970-01-01 00:00:00 app/made link to app/hard',
      'lrwxrwxrwx 0/0 1970-01-01 00:00:00 app/soft -> made',
      'drwxrwxrwt 0/0 1970-01-01 00:00:00 app/sticky/',
      expect.stringMatching(/^-\S+ 0\/0 1970-01-01 00:00:00 etc\/\.wh\.group$/),
    ]);
    await sleep(1100);
    const again = await bench.create({ noCache: true }).build(bench.workspace.plan(), silent);
    expect(again.digest).toBe(image.digest);
  });
}
