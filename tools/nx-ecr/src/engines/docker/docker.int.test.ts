import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DockerEngine } from './docker-engine';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'docker-clients-'));
});
afterEach(() => rm(root, { recursive: true }));

interface Client {
  readonly says: string;
  readonly buildx?: boolean;
  readonly daemon?: boolean;
}

/** Puts a program called docker into a folder of its own. @returns the folder */
async function install(folder: string, { says, buildx, daemon = true }: Client): Promise<string> {
  const file = path.join(root, folder, 'docker');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(
    file,
    `#!/bin/sh
case "$1" in
  --version) echo "${says}" ;;
  buildx) ${buildx ? 'echo v0.12' : 'echo "unknown command" >&2; exit 1'} ;;
  version) ${daemon ? 'echo 20.10' : 'echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1'} ;;
esac
`,
  );
  await chmod(file, 0o755);
  return path.dirname(file);
}

const detect = (folders: string[], platforms = ['linux/amd64']) =>
  new DockerEngine({ PATH: folders.join(path.delimiter) }).detect(platforms);

const modern = { says: 'Docker version 28.2.2, build e6534b4' };
const builtIn = { says: 'Docker version 20.10.24+dfsg1, build 297e128' };

it('passes over a client that left BuildKit to a plugin it has not', async () => {
  const folders = [await install('a', modern), await install('b', builtIn)];
  expect(await detect(folders)).toEqual({
    available: true,
    detail: `docker 20.10.24+dfsg1 (${folders[1]}/docker).`,
  });
});

it('takes a modern client with its plugin', async () => {
  const folder = await install('a', { ...modern, buildx: true });
  expect(await detect([folder])).toMatchObject({ available: true });
});

it('names every client without BuildKit, each once', async () => {
  const folder = await install('a', modern);
  await symlink(folder, path.join(root, 'link'));
  expect(await detect([folder, path.join(root, 'link')])).toMatchObject({
    available: false,
    code: 'BUILDKIT_MISSING',
    reason: `No docker on PATH builds with BuildKit: ${folder}/docker (28.2.2) has no buildx plugin.`,
    remedy: expect.stringContaining('--engine=oci'),
  });
});

it.each([
  ['nothing', undefined],
  ["podman's docker", { says: 'podman version 4.3.1' }],
])('finds no Docker in %s', async (_, client) => {
  const folders = client ? [await install('a', client)] : [root];
  expect(await detect(folders)).toMatchObject({ available: false, code: 'DOCKER_MISSING' });
});

it('tells what the client says when no daemon answers', async () => {
  const folder = await install('a', { ...builtIn, daemon: false });
  expect(await detect([folder])).toMatchObject({
    available: false,
    code: 'DOCKER_DAEMON_DOWN',
    reason: expect.stringContaining('Cannot connect to the Docker daemon at unix:///x'),
    remedy: expect.stringContaining('--engine=oci'),
  });
});

it('builds one platform at a time', async () => {
  const folder = await install('a', builtIn);
  expect(await detect([folder], ['linux/amd64', 'linux/arm64'])).toMatchObject({
    available: false,
    code: 'PLATFORMS_UNSUPPORTED',
  });
});

describe('a build', () => {
  const id = `sha256:${'a'.repeat(64)}`;
  const inspected = JSON.stringify([
    { Id: id, Os: 'linux', Architecture: 'amd64', RootFS: { Layers: [id] } },
  ]);

  /** Writes each argument of `docker build` to a file. @param script What `docker build` does then */
  async function engineThat(script: string): Promise<DockerEngine> {
    const folder = await install('a', builtIn);
    await writeFile(
      path.join(folder, 'docker'),
      `#!/bin/sh
case "$1" in
  --version) echo "${builtIn.says}" ;;
  version) echo 20.10 ;;
  image) echo '${inspected}' ;;
  build) echo "$@" >> ${root}/builds; ${script} ;;
esac
`,
    );
    await writeFile(path.join(root, 'Dockerfile'), 'ARG NODE_IMAGE=node:1\nFROM ${NODE_IMAGE}\n');
    return new DockerEngine({ PATH: `${folder}:/bin:/usr/bin` });
  }

  const plan = () => ({
    service: 'app',
    repository: 'team/app',
    workspaceRoot: root,
    dockerfile: path.join(root, 'Dockerfile'),
    args: { APP: 'app' },
    platforms: ['linux/amd64'],
    base: 'auto' as const,
    allowStandIn: true,
    standInName: 'team/base-stand-in',
    outDir: path.join(root, 'out'),
  });
  const notes: string[] = [];
  const narrator = { progress: () => undefined, note: (line: string) => void notes.push(line) };
  const builds = async () => (await readFile(path.join(root, 'builds'), 'utf8')).trim().split('\n');

  it('names its arguments and its base to docker', async () => {
    const engine = await engineThat('exit 0');
    expect(await engine.build(plan(), narrator)).toMatchObject({
      location: 'team/app:build',
      digest: null,
      platforms: [{ platform: 'linux/amd64', configDigest: id }],
    });
    expect(await builds()).toEqual([
      `build --file ${root}/Dockerfile --build-arg APP=app --build-arg NODE_IMAGE=node:1 ` +
        '--platform linux/amd64 --tag team/app:build .',
    ]);
  });

  it("takes the host's network when it has none of its own, and says so", async () => {
    const script =
      'case "$*" in *--network=host*) exit 0;; *) echo "npm error code EAI_AGAIN" >&2; exit 1;; esac';
    const engine = await engineThat(script);
    await engine.build(plan(), narrator);
    expect(await builds()).toEqual([
      expect.not.stringContaining('--network'),
      expect.stringContaining('--network=host'),
    ]);
    expect(notes.join()).toContain('--network=host');
  });

  it('keeps the whole output of a failure and shows its end', async () => {
    const engine = await engineThat('seq 100; echo "step 7 failed" >&2; exit 1');
    await expect(engine.build(plan(), narrator)).rejects.toMatchObject({
      code: 'DOCKER_BUILD_FAILED',
      message: expect.stringMatching(/out\/docker-build\.log[\s\S]*step 7 failed$/),
    });
    expect(await readFile(path.join(root, 'out/docker-build.log'), 'utf8')).toMatch(/^1\n2\n/);
    expect(await builds()).toHaveLength(1);
  });
});
