import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../storage/digest';
import { openFolderStorage } from '../storage/folder/folder-storage';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type Storage } from '../storage/storage';
import { type LocalServer, startLocalServer } from '../test/local-server';
import {
  descriptorOf,
  imageType,
  pushBlob,
  putManifest,
  type SampleBlob,
} from '../test/sample-images';

const repositoryName = 'app';
const sha512 = (text: string): SampleBlob => {
  const bytes = Buffer.from(text);
  return { bytes, digest: digestOf(bytes, 'sha512') };
};
const config = sha512('{}');
const layer = sha512('layer');
const manifest = sha512(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: imageType,
    config: descriptorOf(config, 'application/vnd.oci.image.config.v1+json'),
    layers: [descriptorOf(layer, 'application/vnd.oci.image.layer.v1.tar')],
  }),
);

let folder: string;
let storage: Storage;
let server: LocalServer;

describe.each(['folder', 'memory'])('sha512 digests, kept in a %s', (kind) => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ecr-local-'));
    const fail = (error: Error) => {
      throw error;
    };
    storage = kind === 'folder' ? await openFolderStorage(folder, fail) : createMemoryStorage();
    server = await startLocalServer({ storage });
    await server.ecr.createRepository({ repositoryName });
  });
  afterEach(async () => {
    await server.close();
    await storage.close();
    await rm(folder, { recursive: true });
  });

  it('name blobs and manifests as sha256 does', async () => {
    for (const blob of [config, layer]) {
      expect((await pushBlob(server.v2, repositoryName, blob)).status).toBe(201);
      const pulled = await server.v2(`/v2/app/blobs/${blob.digest}`);
      expect(pulled.headers.get('docker-content-digest')).toBe(blob.digest);
      expect(Buffer.from(await pulled.arrayBuffer())).toEqual(blob.bytes);
    }
    const pushed = await putManifest(server.v2, repositoryName, manifest.digest, manifest);
    expect([pushed.status, pushed.headers.get('docker-content-digest')]).toEqual([
      201,
      manifest.digest,
    ]);
    const pulled = await server.v2(`/v2/app/manifests/${manifest.digest}`);
    expect(Buffer.from(await pulled.arrayBuffer())).toEqual(manifest.bytes);
    const { imageDetails } = await server.ecr.describeImages({ repositoryName });
    expect(imageDetails).toMatchObject([{ imageDigest: manifest.digest }]);
    const { layers } = await server.ecr.batchCheckLayerAvailability({
      repositoryName,
      layerDigests: [layer.digest],
    });
    expect(layers).toMatchObject([{ layerAvailability: 'AVAILABLE' }]);
  });

  it('are checked', async () => {
    const wrong = { ...layer, digest: sha512('other').digest };
    expect((await pushBlob(server.v2, repositoryName, wrong)).status).toBe(400);
    for (const blob of [config, layer]) await pushBlob(server.v2, repositoryName, blob);
    const pushed = await putManifest(server.v2, repositoryName, wrong.digest, manifest);
    expect([pushed.status, await pushed.text()]).toEqual([
      400,
      expect.stringContaining('DIGEST_INVALID'),
    ]);
    for (const digest of [
      'sha512:00',
      `sha512:${'0'.repeat(64)}`,
      `sha256:${'0'.repeat(128)}`,
      `md5:${'0'.repeat(32)}`,
    ]) {
      expect((await server.v2(`/v2/app/blobs/${digest}`)).status).toBe(400);
    }
  });

  it('find damage', async () => {
    if (kind === 'memory') return;
    await pushBlob(server.v2, repositoryName, layer);
    const names = await readdir(join(folder, 'blobs'), { recursive: true });
    const file = names.find((name) => name.endsWith(layer.digest.slice(7)));
    await truncate(join(folder, 'blobs', file ?? ''), 2);
    expect((await server.v2(`/v2/app/blobs/${layer.digest}`)).status).toBe(404);
  });
});
