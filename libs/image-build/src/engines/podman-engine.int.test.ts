import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installFake } from '@typerush/child-process/testing';
import { PodmanEngine } from './podman-engine';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'podman-clients-'));
});
afterEach(() => rm(root, { recursive: true }));

const install = (folder: string, versionOutput: string, info: string) =>
  installFake(path.join(root, folder, 'podman'), { '--version': `echo "${versionOutput}"`, info });
const detect = (...folders: string[]) =>
  new PodmanEngine({ PATH: folders.join(path.delimiter) }).detect();

const version = 'podman version 4.3.1';
const broken = 'echo "Error: cannot set up namespace: no subuid ranges found" >&2; exit 125';

describe('PodmanEngine.detect', () => {
  it('uses the first podman that works', async () => {
    const folders = [
      await install('a', version, broken),
      await install('b', version, 'echo true'),
      await install('c', version, 'echo false'),
    ];
    expect(await detect(...folders)).toEqual({
      available: true,
      detail: `podman 4.3.1 (${folders[1]}/podman) builds without root and without a daemon.`,
    });
  });

  it('reports why the only podman does not work', async () => {
    expect(await detect(await install('a', version, broken))).toMatchObject({
      available: false,
      code: 'PODMAN_UNUSABLE',
      reason: expect.stringContaining('no subuid ranges found'),
      fix: expect.stringContaining('--engine=oci'),
    });
  });

  it.each(['an empty folder', 'a folder with another program of that name'])(
    'finds no podman in %s',
    async (kind) => {
      const folder =
        kind === 'an empty folder' ? root : await install('a', 'podman-compose 1', 'true');
      expect(await detect(folder)).toMatchObject({ available: false, code: 'PODMAN_MISSING' });
    },
  );
});
