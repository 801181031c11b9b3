import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  InitiateLayerUploadCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushBlob, pushSample, putManifest, sampleBlob, sampleImage } from '../test/sample-images';
import { limitStorage, type LimitedStorage } from './limited-storage';
import { createMemoryStorage } from './memory/memory-storage';
import { describeStorage } from './test/storage-conformance';

const limit = 1000;
const inRepository = { repositoryName: 'app' };

describe('a limited storage', () => {
  describeStorage(() => limitStorage(createMemoryStorage(), Number.MAX_SAFE_INTEGER));
});

describe('the disk limit', () => {
  let server: LocalServer;
  let storage: LimitedStorage;
  const inner = createMemoryStorage();

  beforeEach(async () => {
    storage = await limitStorage(createMemoryStorage(), limit);
    server = await startLocalServer({ storage });
    await server.client.send(new CreateRepositoryCommand(inRepository));
  });
  afterEach(() => server.close());

  const push = (bytes: number, letter = 'a') =>
    pushBlob(server.v2, 'app', sampleBlob(letter.repeat(bytes)));

  it('admits layers up to its last byte, and rejects a further one with 507', async () => {
    expect((await push(limit)).status).toBe(201);
    expect(storage.usedBytes()).toBe(limit);
    const rejected = await push(1, 'b');
    expect(rejected.status).toBe(507);
    expect(await rejected.text()).toContain('The disk limit of ecr-local is reached: 1000 bytes');
  });

  it('keeps nothing of a layer that is too large', async () => {
    expect((await push(limit + 1)).status).toBe(507);
    expect(storage.usedBytes()).toBe(0);
    expect((await push(limit)).status).toBe(201);
  });

  it('counts a layer once, however often it is pushed', async () => {
    expect((await push(400)).status).toBe(201);
    expect((await push(400)).status).toBe(201);
    expect(storage.usedBytes()).toBe(400);
  });

  it('rejects a manifest beyond it, and images can still be pulled', async () => {
    const { manifest } = await pushSample(server.v2, 'app', 'v1');
    await push(limit - storage.usedBytes());
    const rejected = await putManifest(
      server.v2,
      'app',
      'v2',
      sampleImage('v1', { x: 1 }).manifest,
    );
    expect(rejected.status).toBe(507);
    const pulled = await server.v2(`/v2/app/manifests/${manifest.digest}`);
    expect(pulled.status).toBe(200);
  });

  it('is a LimitExceededException of the ECR API', async () => {
    const { uploadId } = await server.client.send(new InitiateLayerUploadCommand(inRepository));
    const part = { ...inRepository, uploadId, partFirstByte: 0, partLastByte: limit };
    await expect(
      server.client.send(
        new UploadLayerPartCommand({ ...part, layerPartBlob: new Uint8Array(limit + 1) }),
      ),
    ).rejects.toMatchObject({ name: 'LimitExceededException' });
    expect(storage.usedBytes()).toBe(0);
  });

  it('has room again after a repository is deleted, or an upload cancelled', async () => {
    await push(limit);
    await server.client.send(new DeleteRepositoryCommand({ ...inRepository, force: true }));
    expect(storage.usedBytes()).toBe(0);
    await server.client.send(new CreateRepositoryCommand(inRepository));
    const started = await server.v2('/v2/app/blobs/uploads/', { method: 'POST' });
    const location = started.headers.get('location') ?? '';
    await server.v2(location, { method: 'PATCH', body: 'x'.repeat(limit) });
    expect(storage.usedBytes()).toBe(limit);
    await server.v2(location, { method: 'DELETE' });
    expect(storage.usedBytes()).toBe(0);
  });

  it('does not count an upload whose digest is wrong', async () => {
    const digest = sampleBlob('another').digest;
    const response = await server.v2(`/v2/app/blobs/uploads/?digest=${digest}`, {
      method: 'POST',
      body: 'x'.repeat(500),
    });
    expect(response.status).toBe(400);
    expect(storage.usedBytes()).toBe(0);
  });

  it('is not exceeded by pushes at the same time', async () => {
    const letters = [...'abcdefghij'];
    const statuses = await Promise.all(
      letters.map(async (letter) => (await push(300, letter)).status),
    );
    expect(storage.usedBytes()).toBeLessThanOrEqual(limit);
    expect(statuses.filter((status) => status === 507).length).toBeGreaterThanOrEqual(7);
  });

  it('counts what is stored already: blobs, and uploads of an earlier process', async () => {
    const { bytes, digest } = sampleBlob('x'.repeat(600));
    await inner.blobs.put('layers-1', digest, bytes);
    const uploadId = await inner.uploads.begin('layers-1');
    await inner.uploads.append('layers-1', uploadId, 0, [new Uint8Array(300)]);
    const opened = await limitStorage(inner, limit);
    expect(opened.usedBytes()).toBe(900);
    const later = new Date(Date.now() + 1000);
    await opened.blobs.expire('layers-1', later, () => false);
    expect(opened.usedBytes()).toBe(300);
    expect(await opened.uploads.expire(later)).toBe(1);
    expect(opened.usedBytes()).toBe(0);
  });
});
