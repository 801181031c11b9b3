import {
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  utimes,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchCheckLayerAvailabilityCommand, BatchGetImageCommand } from '@aws-sdk/client-ecr';
import { openFolderStorage } from './storage/folder/folder-storage';
import { type Storage } from './storage/storage';
import { type LocalServer, startLocalServer } from './test/local-server';
import { pushBlob, pushSample, putManifest, sampleImage } from './test/sample-images';

const repositoryName = 'team/app';
const image = sampleImage('v1');
let folder: string;
let storage: Storage;
let server: LocalServer;
let damaged: string[];

async function start() {
  storage = await openFolderStorage(
    folder,
    (error) => {
      throw error;
    },
    (file) => damaged.push(file),
  );
  server = await startLocalServer({ storage });
}
async function stop() {
  await server.close();
  await storage.close();
}

beforeEach(async () => {
  damaged = [];
  folder = await mkdtemp(join(tmpdir(), 'ecr-local-'));
  await start();
  await server.ecr.createRepository({ repositoryName });
  await pushSample(server.v2, repositoryName, 'v1');
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

async function fileOf(digest: string): Promise<string> {
  const names = await readdir(join(folder, 'blobs'), { recursive: true });
  return join(folder, 'blobs', names.find((name) => name.endsWith(digest.slice(7))) ?? '');
}

const damages: [string, (file: string) => Promise<void>][] = [
  ['truncated', (file) => truncate(file, 3)],
  ['emptied', (file) => truncate(file, 0)],
  ['extended', async (file) => writeFile(file, `${await readFile(file, 'utf8')} `)],
  [
    'altered, and has its old size and date',
    async (file) => {
      const { mtime } = await stat(file);
      const bytes = await readFile(file);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      await writeFile(file, bytes);
      await utimes(file, mtime, mtime);
    },
  ],
  ['removed', (file) => rm(file)],
];

describe.each([false, true])('with a restart in between: %s', (restarted) => {
  describe.each(damages)('a blob that was %s', (_what, damage) => {
    beforeEach(async () => {
      await damage(await fileOf(image.layer.digest));
      if (!restarted) return;
      await stop();
      await start();
    });
    const path = `/v2/${repositoryName}/blobs/${image.layer.digest}`;

    it('is not served, is reported as missing, and can be pushed again', async () => {
      for (const init of [{ method: 'HEAD' }, {}, { headers: { range: 'bytes=0-1' } }]) {
        expect((await server.v2(path, init)).status).toBe(404);
      }
      const availability = new BatchCheckLayerAvailabilityCommand({
        repositoryName,
        layerDigests: [image.layer.digest],
      });
      const { layers } = await server.client.send(availability);
      expect(layers).toMatchObject([{ layerAvailability: 'UNAVAILABLE' }]);
      expect((await putManifest(server.v2, repositoryName, 'v2', image.manifest)).status).toBe(404);
      expect((await pushBlob(server.v2, repositoryName, image.layer)).status).toBe(201);
      const pulled = await server.v2(path);
      expect(Buffer.from(await pulled.arrayBuffer())).toEqual(image.layer.bytes);
    });
  });

  describe.each(damages)('a manifest that was %s', (_what, damage) => {
    beforeEach(async () => {
      await damage(await fileOf(image.manifest.digest));
      if (!restarted) return;
      await stop();
      await start();
    });
    const path = `/v2/${repositoryName}/manifests/v1`;

    it('is not served, and can be pushed again', async () => {
      expect((await server.v2(path, { method: 'HEAD' })).status).toBe(404);
      const refused = await server.v2(path);
      expect(refused.status).toBe(404);
      expect(await refused.text()).toContain('damaged in the data folder');
      const get = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] });
      const { failures } = await server.client.send(get);
      expect(failures).toMatchObject([{ failureCode: 'ImageInaccessible' }]);
      expect((await putManifest(server.v2, repositoryName, 'v1', image.manifest)).status).toBe(201);
      expect(await (await server.v2(path)).text()).toBe(image.manifest.bytes.toString());
    });
  });
});

describe('a damaged blob', () => {
  it('is reported once, with its file', async () => {
    const file = await fileOf(image.layer.digest);
    await truncate(file, 3);
    const path = `/v2/${repositoryName}/blobs/${image.layer.digest}`;
    await Promise.all([server.v2(path), server.v2(path)]);
    await server.v2(path);
    expect(damaged).toEqual([file]);
  });
});
