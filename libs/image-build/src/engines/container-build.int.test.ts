import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestOf, OciLayout } from '@typerush/oci';
import { installFake } from '@typerush/child-process/testing';
import { runCommand } from '@typerush/child-process';
import { DockerEngine } from './docker-engine';

let root: string;
let diffId: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'container-build-'));
  await writeFile(path.join(root, 'Dockerfile'), dockerfile);
  diffId = await prepareArchive();
});
afterEach(() => rm(root, { recursive: true }));

/** Nothing listens there: the registry is unreachable, and the copy in the engine is used. */
const dockerfile = 'ARG NODE_IMAGE=127.0.0.1:1/node:1\nFROM ${NODE_IMAGE}\n';

/** The image that the fake saves, with one layer. */
async function prepareArchive(): Promise<string> {
  const saved = path.join(root, 'saved');
  await mkdir(saved);
  await writeFile(path.join(root, 'node'), 'node');
  await runCommand('tar', ['-C', root, '-cf', path.join(saved, 'layer.tar'), 'node']);
  const diffId = digestOf(await readFile(path.join(saved, 'layer.tar')));
  const config = {
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: [diffId] },
  };
  await writeFile(path.join(saved, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', Layers: ['layer.tar'] }];
  await writeFile(path.join(saved, 'manifest.json'), JSON.stringify(manifest));
  return diffId;
}

/** Writes each call of `docker build` to a file. @param script what it does then */
async function engineThat(
  script: string,
  save = `tar -C ${root}/saved -cf - config.json layer.tar manifest.json`,
) {
  const inspected = JSON.stringify([{ RootFS: { Layers: [diffId] } }]);
  const folder = await installFake(path.join(root, 'bin/docker'), {
    '--version': 'echo "Docker version 20.10.24, build 1"',
    version: 'echo linux/amd64',
    buildx: 'exit 1',
    image: `echo '${inspected}'`,
    build: `echo "$@" >> ${root}/builds; ${script}`,
    save,
  });
  const variables = { PATH: `${folder}:/bin:/usr/bin`, HOME: root };
  return new DockerEngine(variables, { client: path.join(folder, 'docker') });
}

const plan = () => ({
  service: 'app',
  repository: 'team/app',
  workspaceRoot: root,
  dockerfile: path.join(root, 'Dockerfile'),
  args: { APP: 'app' },
  platforms: ['linux/amd64'],
  base: 'auto' as const,
  pins: {},
  lockFile: 'Dockerfile.lock.json',
  insecureRegistries: [],
  allowStandIn: true,
  standInName: 'team/base-stand-in',
  outDir: path.join(root, 'out'),
});
let notes: string[];
beforeEach(() => {
  notes = [];
});
const reporter = { progress: () => undefined, note: (line: string) => void notes.push(line) };
const builds = async () => (await readFile(path.join(root, 'builds'), 'utf8')).trim().split('\n');
const log = () => path.join(root, 'out/docker-build.log');

describe('buildInEngine', () => {
  it('uses the copy of the base image in the engine if its registry is unreachable, and stores its layers', async () => {
    const engine = await engineThat('exit 0');
    const built = await engine.build(plan(), reporter);
    expect(built).toMatchObject({
      engine: 'docker',
      base: { reference: '127.0.0.1:1/node:1', digest: null, standIn: false },
      platforms: [{ layers: [{ diffId, fromBase: true }] }],
    });
    const [layer] = built.platforms[0]?.layers ?? [];
    const layout = await OciLayout.open(path.join(root, 'out/oci'));
    if (!layer) throw new Error('an image has a layer');
    await layout.blobFile(layer);
    expect(notes.join()).toContain('copy of 127.0.0.1:1/node:1 in docker');
  });

  it('passes arguments, base image and labels to the builder', async () => {
    await (await engineThat('exit 0')).build(plan(), reporter);
    expect(await builds()).toEqual([
      `build --file ${root}/Dockerfile --platform linux/amd64 --build-arg APP=app ` +
        '--build-arg NODE_IMAGE=127.0.0.1:1/node:1 ' +
        '--label org.opencontainers.image.base.name=127.0.0.1:1/node:1 --tag team/app:build .',
    ]);
  });

  it('builds on the mirror of a base image, which keeps its name in the labels', async () => {
    const baseMirrors = { '127.0.0.1:1': '127.0.0.1:2/cache' };
    const built = await (await engineThat('exit 0')).build({ ...plan(), baseMirrors }, reporter);
    const [call] = await builds();
    expect(call).toContain('--build-arg NODE_IMAGE=127.0.0.1:2/cache/node:1 ');
    expect(call).toContain('--label org.opencontainers.image.base.name=127.0.0.1:1/node:1 ');
    expect(built.base.reference).toBe('127.0.0.1:1/node:1');
  });

  it.each([
    'npm error code EAI_AGAIN',
    'Error response from daemon: network bridge not found',
    'failed to create endpoint x on network bridge: adding interface veth1 to bridge docker0 failed',
  ])("retries with the host's network if the build has none, and reports it: %s", async (line) => {
    const script = `case "$*" in *--network=host*) exit 0;; *) echo "${line}" >&2; exit 1;; esac`;
    await (await engineThat(script)).build(plan(), reporter);
    expect(await builds()).toEqual([
      expect.not.stringContaining('--network'),
      expect.stringContaining('--network=host'),
    ]);
    expect(notes.join()).toContain('--network=host');
  });

  it('builds again once if a cached layer was removed meanwhile, and reports it', async () => {
    const line = 'Error: checking if cached image exists: getting top layer info: layer not known';
    const once = `[ "$(wc -l < ${root}/builds)" -gt 1 ] || { echo "${line}" >&2; exit 125; }`;
    await (await engineThat(once)).build(plan(), reporter);
    expect(new Set(await builds()).size).toBe(1);
    expect(await builds()).toHaveLength(2);
    expect(notes.join()).toContain('building again');
  });

  it('fails with the output of the engine if a cached layer is lost a second time', async () => {
    const engine = await engineThat('echo "Error: layer not known" >&2; exit 125');
    await expect(engine.build(plan(), reporter)).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringContaining('layer not known'),
    });
    expect(await builds()).toHaveLength(2);
  });

  it('prints each step of a build once, and no other output', async () => {
    const lines = [
      '#1 [internal] load build definition from Dockerfile',
      '#7 [build 2/8] RUN npm ci',
      '#7 3.2 added 900 packages',
      '#7 [build 2/8] RUN npm ci',
      `#8 [build 3/8] RUN ${'x'.repeat(300)}`,
      'Step 4/8 : COPY . .',
      '[1/2] STEP 5/8: WORKDIR /app',
    ];
    await (
      await engineThat(lines.map((line) => `echo "${line}"`).join(';'))
    ).build(plan(), reporter);
    const steps = notes.filter((note) => note.startsWith('app linux/amd64: '));
    expect(steps.map((note) => note.replace('app linux/amd64: ', ''))).toEqual([
      '[build 2/8] RUN npm ci',
      expect.stringMatching(/^\[build 3\/8\] RUN x{50,90}\.\.\.$/),
      'Step 4/8 : COPY . .',
      'STEP 5/8: WORKDIR /app',
    ]);
  });

  it('rejects npm ci without a lock file before it calls the builder', async () => {
    const install = 'FROM node AS build\nRUN --mount=type=cache,target=/root/.npm npm ci\n';
    await writeFile(path.join(root, 'Dockerfile'), `${dockerfile}${install}`);
    const engine = await engineThat('exit 0');
    await expect(engine.build(plan(), reporter)).rejects.toMatchObject({
      code: 'LOCK_FILE_MISSING',
      message: expect.stringContaining('--engine=oci'),
    });
    await expect(builds()).rejects.toThrow('ENOENT');
  });

  it('accepts the lock file of any package manager that the Dockerfile installs with', async () => {
    const install = 'RUN if [ -f yarn.lock ]; then yarn install; else npm ci; fi\n';
    await writeFile(path.join(root, 'Dockerfile'), `${dockerfile}FROM node AS build\n${install}`);
    const engine = await engineThat('exit 0');
    await writeFile(path.join(root, 'bun.lock'), '');
    await expect(engine.build(plan(), reporter)).rejects.toMatchObject({
      code: 'LOCK_FILE_MISSING',
      message: expect.stringContaining('no package-lock.json, npm-shrinkwrap.json, yarn.lock.'),
    });
    await writeFile(path.join(root, 'yarn.lock'), '');
    await engine.build(plan(), reporter);
    expect(await builds()).toHaveLength(1);
  });

  it("rejects Plug'n'Play if the Dockerfile starts Nx by npx, before it calls the builder", async () => {
    const install = 'FROM node AS build\nRUN yarn install && npx nx run app:build\n';
    await writeFile(path.join(root, 'Dockerfile'), `${dockerfile}${install}`);
    await writeFile(path.join(root, 'yarn.lock'), '');
    const engine = await engineThat('exit 0');
    await engine.build(plan(), reporter);
    await writeFile(path.join(root, '.pnp.cjs'), '');
    await expect(engine.build(plan(), reporter)).rejects.toMatchObject({
      code: 'PLUG_AND_PLAY_UNSUPPORTED',
      message: expect.stringMatching(/--engine=oci[\s\S]*nodeLinker: node-modules/),
    });
    expect(await builds()).toHaveLength(1);
  });

  it('writes the whole output of a failure to a log, shows its end, and removes the log after a success', async () => {
    const engine = await engineThat('seq 100; echo "step 7 failed" >&2; exit 1');
    await expect(engine.build(plan(), reporter)).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringMatching(/out\/docker-build\.log[\s\S]*step 7 failed$/),
    });
    expect(await readFile(log(), 'utf8')).toMatch(/^1\n2\n/);
    expect(await builds()).toHaveLength(1);
    await (await engineThat('exit 0')).build(plan(), reporter);
    await expect(readFile(log())).rejects.toThrow('ENOENT');
  });

  it.each([
    ['BUILD_DISK_FULL', 'write /app/x: no space left on device', /Fix: .*docker system prune/],
    ['BUILD_OFFLINE', 'npm error code ENOTFOUND', /Fix: .*network/],
    ['COPY_SOURCE_MISSING', 'COPY failed: stat workspace/x: file does not exist', /Fix: .*build/],
    [
      'COPY_SOURCE_MISSING',
      'failed to calculate checksum of ref 1::2: "/x": not found',
      /Fix: .*build/,
    ],
    [
      'DOCKERFILE_INVALID',
      'dockerfile parse error line 3: unknown instruction: FRO',
      /Fix: .*line/,
    ],
    ['BASE_UNAVAILABLE', 'pull access denied for node', /Fix: .*logged in/],
    [
      'ENGINE_STORAGE',
      'potentially insufficient UIDs or GIDs available in user namespace',
      /Fix: .*subuid/,
    ],
    ['EMULATION_MISSING', 'exec /bin/sh: exec format error', /Fix: .*qemu/],
  ])('rejects with %s if the builder prints: %s', async (code, output, message) => {
    const engine = await engineThat(`echo '${output}' >&2; exit 1`);
    await expect(engine.build(plan(), reporter)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('keeps the previous image if the new one cannot be exported', async () => {
    const first = await (await engineThat('exit 0')).build(plan(), reporter);
    const failing = await engineThat(
      'exit 0',
      'head -c 100 /dev/zero; echo "daemon is gone" >&2; exit 1',
    );
    await expect(failing.build(plan(), reporter)).rejects.toMatchObject({
      code: 'SAVE_FAILED',
      message: expect.stringContaining('daemon is gone'),
    });
    const layout = await OciLayout.open(path.join(root, 'out/oci'));
    expect((await layout.images()).map(({ digest }) => digest)).toEqual([first.digest]);
  });

  it('rejects an archive without an image', async () => {
    const engine = await engineThat('exit 0', `tar -C ${root}/saved -cf - config.json`);
    await expect(engine.build(plan(), reporter)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });

  it.each([
    ['docker', false],
    ['docker-container', true],
  ])(
    'builds on an image that only the daemon has with the builder of the daemon: %s',
    async (driver, named) => {
      const folder = await installFake(path.join(root, 'bin/docker'), {
        '--version': 'echo "Docker version 28.2.2, build 1"',
        version: 'echo linux/amd64',
        image: `echo '${JSON.stringify([{ RootFS: { Layers: [diffId] } }])}'`,
        context: 'echo desktop',
        buildx: `case "$2" in build) echo "$@" >> ${root}/builds ;; inspect) echo "Driver:        ${driver}" ;; esac`,
        save: `tar -C ${root}/saved -cf - config.json layer.tar manifest.json`,
      });
      const client = path.join(folder, 'docker');
      const engine = new DockerEngine({ PATH: `${folder}:/bin:/usr/bin`, HOME: root }, { client });
      await engine.build(plan(), reporter);
      const [call] = await builds();
      expect(call).toContain('buildx build --load');
      expect(call?.includes('--builder desktop')).toBe(named);
    },
  );
});
