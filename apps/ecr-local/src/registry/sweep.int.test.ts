import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { openFolderStorage } from '../storage/folder/folder-storage';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type Storage } from '../storage/storage';
import { createEcrService } from './create-ecr-service';
import { openRegistries, type Registries } from './registries';
import { pushManifest } from './push-manifest';
import { type Registry } from './registry';
import { layerBucket } from './repository';
import { sweep } from './sweep';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushBlob, type SampleBlob, sampleBlob, sampleImage } from '../test/sample-images';
import { protectBlobs } from '../storage/protected-blobs';

const repositoryName = 'team/app';
let now: Date;
let registries: Registries;
let registry: Registry;

beforeEach(async () => {
  now = new Date('2026-01-01T00:00:00Z');
  const clock = () => now;
  await open(createMemoryStorage(clock), clock);
});

async function open(storage: Storage, clock: () => Date) {
  registries = await openRegistries({
    pullThrough: () => ({
      refresh: () => Promise.resolve(),
      findFailure: () => Promise.resolve(undefined),
    }),
    storage,
    clock,
    account: '000000000000',
    region: 'ap-southeast-1',
    host: () => '127.0.0.1:5100',
  });
  registry = registries.own;
  await createEcrService(registry).createRepository({ repositoryName });
}

const sweepNow = () => sweep(registries, new Date(now.getTime() - 24 * 60 * 60 * 1000));

async function upload({ bytes, digest }: SampleBlob, commit = true) {
  const bucket = layerBucket(registry.repositories.get(repositoryName));
  const id = await registry.uploads.begin(bucket);
  await registry.uploads.append(bucket, id, 0, [bytes]);
  if (commit) await registry.uploads.commit(bucket, id, digest);
}

const held = async () => {
  const bucket = layerBucket(registry.repositories.get(repositoryName));
  return (await registry.blobs.list(bucket)).map(({ digest }) => digest).sort();
};

describe('the sweep', () => {
  it('keeps the layers of images, and takes those of none once they are a day old', async () => {
    const { config, layer, manifest } = sampleImage('kept');
    for (const blob of [config, layer, sampleBlob('unreferenced')]) await upload(blob);
    await pushManifest(registry, repositoryName, { bytes: manifest.bytes, tag: 'v1' });
    now = new Date('2026-01-02T00:00:00Z');
    expect(await sweepNow()).toEqual({ uploads: 0, blobs: 0, buckets: 0 });
    now = new Date('2026-01-02T00:00:01Z');
    expect(await sweepNow()).toEqual({ uploads: 0, blobs: 1, buckets: 0 });
    expect(await held()).toEqual([config.digest, layer.digest].sort());
  });

  it('takes half uploads once they are a day old', async () => {
    await upload(sampleBlob('half'), false);
    expect((await sweepNow()).uploads).toBe(0);
    now = new Date('2026-01-02T00:00:01Z');
    expect((await sweepNow()).uploads).toBe(1);
  });

  it('takes what a kill during the deletion of a repository left, once it is a day old', async () => {
    const bucket = '3f0c5f0e-58f5-4b64-8e3b-9a51c1b3a7d2-layers';
    const id = await registry.uploads.begin(bucket);
    await registry.uploads.commit(bucket, id, sampleBlob('').digest);
    await upload(sampleBlob('a'));
    expect(await sweepNow()).toEqual({ uploads: 0, blobs: 0, buckets: 0 });
    now = new Date('2026-01-02T00:00:01Z');
    expect(await sweepNow()).toEqual({ uploads: 0, blobs: 2, buckets: 1 });
    expect(await registry.blobs.listBuckets()).not.toContain(bucket);
  });

  it('leaves buckets alone that cannot be those of a repository', async () => {
    const bucket = 'photos-layers';
    const id = await registry.uploads.begin(bucket);
    await registry.uploads.commit(bucket, id, sampleBlob('').digest);
    now = new Date('2026-01-09T00:00:00Z');
    expect(await sweepNow()).toEqual({ uploads: 0, blobs: 0, buckets: 0 });
    expect(await registry.blobs.listBuckets()).toEqual([bucket]);
  });
});

describe('a push while a sweep runs', () => {
  it('keeps an old blob for a day after a client was told that it is present', async () => {
    const blob = sampleBlob('old');
    await upload(blob);
    now = new Date('2026-01-03T00:00:00Z');
    const bucket = layerBucket(registry.repositories.get(repositoryName));
    expect(await registry.blobs.stat(bucket, blob.digest)).toBeDefined();
    expect((await sweepNow()).blobs).toBe(0);
    now = new Date('2026-01-04T00:00:01Z');
    expect((await sweepNow()).blobs).toBe(1);
  });

  it('keeps a blob whose upload ended long after its last byte', async () => {
    const { bytes, digest } = sampleBlob('slow');
    const storage = createMemoryStorage(() => now);
    const { uploads, blobs } = protectBlobs({
      ...storage,
      blobs: {
        ...storage.blobs,
        // As in a folder, where the file of the upload becomes the blob.
        stat: async () => ({ digest, size: 4, writtenAt: new Date('2026-01-01T00:00:00Z') }),
        expire: async (_bucket, _before, isKept) => ({ expired: isKept(digest) ? 0 : 1, left: 0 }),
      },
    });
    const id = await uploads.begin('a-layers');
    await uploads.append('a-layers', id, 0, [bytes]);
    now = new Date('2026-01-01T23:00:00Z');
    await uploads.commit('a-layers', id, digest);
    const expire = async (before: string) =>
      (await blobs.expire('a-layers', new Date(before), () => false)).expired;
    expect(await expire('2026-01-01T22:59:59Z')).toBe(0);
    expect(await expire('2026-01-01T23:00:01Z')).toBe(1);
  });

  it('completes each time, on a disk, with layers that are old and of no image', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sweep-'));
    const storage = await openFolderStorage(folder, (error) => {
      throw error;
    });
    now = new Date();
    await open(storage, () => now);
    const bucket = layerBucket(registry.repositories.get(repositoryName));
    const old = new Date(now.getTime() - 48 * 60 * 60 * 1000);
    let isPushing = true;
    let isPaused = false;
    let sweeps = 0;
    let swept = 0;
    let found = 0;
    let sweeping = Promise.resolve();
    const sweepOn = async () => {
      while (isPushing && !isPaused) {
        swept += (await sweepNow()).blobs;
        sweeps += 1;
      }
    };
    const pause = async () => {
      isPaused = true;
      await sweeping;
    };
    const resume = () => {
      isPaused = false;
      sweeping = sweepOn();
    };
    /** Waits for a sweep that begins now or later. */
    const nextSweep = async () => {
      for (const target = sweeps + 2; sweeps < target;) await setImmediate();
    };
    /** Every third blob is present when the client asks, every third is not: for the rest it depends on time. */
    const push = async (n: number) => {
      const { config, layer, manifest } = sampleImage(`image ${n}`);
      for (const blob of [config, layer]) {
        await upload(blob);
        if (n % 3 === 0) await pause();
        const name = blob.digest.slice('sha256:'.length);
        await utimes(join(folder, 'blobs', bucket, name), old, old);
        // What a client does between its requests.
        for (let turn = 0; turn < n % 7; turn += 1) await setImmediate();
        if (n % 3 === 1) await nextSweep();
        if (await registry.blobs.stat(bucket, blob.digest)) found += 1;
        else await upload(blob);
        if (n % 3 === 0) {
          resume();
          await nextSweep();
        }
      }
      await pushManifest(registry, repositoryName, { bytes: manifest.bytes, tag: `v${n}` });
    };
    sweeping = sweepOn();
    try {
      for (let n = 0; n < 30; n += 1) await push(n);
    } finally {
      isPushing = false;
      await sweeping;
    }
    expect(found).toBeGreaterThanOrEqual(20);
    expect(swept).toBeGreaterThanOrEqual(20);
    await storage.close();
    await rm(folder, { recursive: true });
  });
});

describe('the sweep of each day', () => {
  let server: LocalServer;
  beforeEach(async () => {
    server = await startLocalServer();
    await server.client.send(new CreateRepositoryCommand({ repositoryName }));
  });
  afterEach(() => server.close());
  const blob = sampleBlob('unreferenced');
  const isPresent = async () =>
    (await server.v2(`/v2/${repositoryName}/blobs/${blob.digest}`)).status === 200;
  const advance = (advanceSeconds: number) =>
    fetch(`${server.url}/_local/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds }),
    });

  it('runs while ecr-local does', async () => {
    server.passHours(1);
    await pushBlob(server.v2, repositoryName, blob);
    server.passHours(23);
    await advance(1);
    expect(await isPresent()).toBe(true);
    server.passHours(23);
    await advance(1);
    expect(await isPresent()).toBe(true);
    server.passHours(2);
    await advance(1);
    expect(await isPresent()).toBe(false);
  });

  it('removes nothing that a push has just sent, however far a request moves the clock', async () => {
    await advance(10 * 86_400);
    await pushBlob(server.v2, repositoryName, blob);
    await advance(10 * 86_400);
    expect(await isPresent()).toBe(true);
  });
});
