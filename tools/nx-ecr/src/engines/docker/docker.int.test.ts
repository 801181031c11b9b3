import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
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
