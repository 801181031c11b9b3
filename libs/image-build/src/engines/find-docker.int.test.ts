import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installFake } from '@typerush/child-process/testing';
import { DockerEngine } from './docker-engine';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'docker-clients-'));
});
afterEach(() => rm(root, { recursive: true }));

interface Client {
  readonly version: string;
  readonly buildx?: boolean;
  readonly daemon?: boolean;
}

const install = (folder: string, { version, buildx, daemon = true }: Client): Promise<string> =>
  installFake(path.join(root, folder, 'docker'), {
    '--version': `echo "${version}"`,
    buildx: buildx ? 'echo v0.12' : 'echo "unknown command" >&2; exit 1',
    version: daemon
      ? 'echo linux/amd64'
      : 'echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1',
  });

const detect = (folders: string[], platforms = ['linux/amd64']) =>
  new DockerEngine({ PATH: folders.join(path.delimiter) }).detect({ platforms });

const modern = { version: 'Docker version 28.2.2, build e6534b4' };
const builtIn = { version: 'Docker version 20.10.24+dfsg1, build 297e128' };

describe('DockerEngine.detect', () => {
  it('prefers a client with BuildKit to one that needs the missing plugin for it', async () => {
    const folders = [await install('a', modern), await install('b', builtIn)];
    expect(await detect(folders)).toEqual({
      available: true,
      detail: `docker 20.10.24+dfsg1 (${folders[1]}/docker) builds with the BuildKit of its daemon.`,
    });
  });

  it('prefers a client with the plugin to all others', async () => {
    const folders = [await install('a', builtIn), await install('b', { ...modern, buildx: true })];
    expect(await detect(folders)).toMatchObject({
      available: true,
      detail: expect.stringContaining('docker 28.2.2'),
    });
  });

  it('uses the legacy builder if there is no other, and reports its limitations', async () => {
    const folder = await install('a', modern);
    await symlink(folder, path.join(root, 'link'));
    expect(await detect([folder, path.join(root, 'link')])).toEqual({
      available: true,
      detail: expect.stringMatching(/28\.2\.2 .* has no buildx plugin.*no npm cache.*one platform/),
    });
  });

  it('uses the requested builder', async () => {
    const folder = await install('a', { ...builtIn, buildx: true });
    const engine = new DockerEngine({ PATH: folder }, { builder: 'buildkit' });
    const found = await engine.detect({ platforms: ['linux/amd64'] });
    expect(found).toMatchObject({ detail: expect.stringContaining('BuildKit of its daemon') });
  });

  it.each([
    ['an empty folder', undefined],
    ["a folder with podman's docker", { version: 'podman version 4.3.1' }],
  ])('finds no Docker in %s', async (_, client) => {
    const folders = client ? [await install('a', client)] : [root];
    expect(await detect(folders)).toMatchObject({ available: false, code: 'DOCKER_MISSING' });
  });

  it('reports the output of the client if no daemon responds', async () => {
    const folder = await install('a', { ...builtIn, daemon: false });
    expect(await detect([folder])).toMatchObject({
      available: false,
      code: 'DOCKER_DAEMON_DOWN',
      reason: expect.stringContaining('Cannot connect to the Docker daemon at unix:///x'),
      fix: expect.stringContaining('--engine=oci'),
    });
  });

  it('builds several platforms with BuildKit, and only its own with the legacy builder', async () => {
    const platforms = ['linux/amd64', 'linux/arm64'];
    expect(await detect([await install('a', builtIn)], platforms)).toMatchObject({
      available: true,
    });
    expect(await detect([await install('b', modern)], platforms)).toMatchObject({
      available: false,
      code: 'PLATFORMS_UNSUPPORTED',
      reason: expect.stringContaining('not linux/arm64'),
    });
  });
});
