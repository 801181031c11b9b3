import { createMemoryStorage } from '../storage/memory/memory-storage';
import { createEcrService } from './create-ecr-service';
import { openRegistries, type Registries } from './registries';
import { pushManifest } from './push-manifest';
import { type Registry } from './registry';
import { layerBucket } from './repository';
import { sweep } from './sweep';
import { type SampleBlob, sampleBlob, sampleImage } from '../test/sample-images';

const repositoryName = 'team/app';
let now: Date;
let registries: Registries;
let registry: Registry;

beforeEach(async () => {
  now = new Date('2026-01-01T00:00:00Z');
  const clock = () => now;
  registries = await openRegistries({
    pullThrough: () => ({
      refresh: () => Promise.resolve(),
      findFailure: () => Promise.resolve(undefined),
    }),
    storage: createMemoryStorage(clock),
    clock,
    account: '000000000000',
    region: 'ap-southeast-1',
    host: () => '127.0.0.1:5100',
  });
  registry = registries.own;
  await createEcrService(registry).createRepository({ repositoryName });
});

async function upload({ bytes, digest }: SampleBlob, commit = true) {
  const bucket = layerBucket(registry.repositories.get(repositoryName));
  const id = await registry.uploads.begin(bucket);
  await registry.uploads.append(bucket, id, 0, [bytes]);
  if (commit) await registry.uploads.commit(bucket, id, digest);
}

const held = async () => {
  const bucket = layerBucket(registry.repositories.get(repositoryName));
  return (await registry.blobs.list(bucket)).sort();
};

describe('the sweep', () => {
  it('keeps the layers of images, and takes those of none once they are a day old', async () => {
    const { config, layer, manifest } = sampleImage('kept');
    for (const blob of [config, layer, sampleBlob('unreferenced')]) await upload(blob);
    await pushManifest(registry, repositoryName, { bytes: manifest.bytes, tag: 'v1' });
    now = new Date('2026-01-02T00:00:00Z');
    expect(await sweep(registries)).toEqual({ uploads: 0, blobs: 0, buckets: 0 });
    now = new Date('2026-01-02T00:00:01Z');
    expect(await sweep(registries)).toEqual({ uploads: 0, blobs: 1, buckets: 0 });
    expect(await held()).toEqual([config.digest, layer.digest].sort());
  });

  it('takes half uploads once they are a day old', async () => {
    await upload(sampleBlob('half'), false);
    expect((await sweep(registries)).uploads).toBe(0);
    now = new Date('2026-01-02T00:00:01Z');
    expect((await sweep(registries)).uploads).toBe(1);
  });

  it('takes what a kill during the deletion of a repository left, once it is a day old', async () => {
    const bucket = '3f0c5f0e-58f5-4b64-8e3b-9a51c1b3a7d2-layers';
    const id = await registry.uploads.begin(bucket);
    await registry.uploads.commit(bucket, id, sampleBlob('').digest);
    await upload(sampleBlob('a'));
    expect(await sweep(registries)).toEqual({ uploads: 0, blobs: 0, buckets: 0 });
    now = new Date('2026-01-02T00:00:01Z');
    expect(await sweep(registries)).toEqual({ uploads: 0, blobs: 2, buckets: 1 });
    expect(await registry.blobs.listBuckets()).not.toContain(bucket);
  });

  it('leaves buckets alone that cannot be those of a repository', async () => {
    const bucket = 'photos-layers';
    const id = await registry.uploads.begin(bucket);
    await registry.uploads.commit(bucket, id, sampleBlob('').digest);
    now = new Date('2026-01-09T00:00:00Z');
    expect(await sweep(registries)).toEqual({ uploads: 0, blobs: 0, buckets: 0 });
    expect(await registry.blobs.listBuckets()).toEqual([bucket]);
  });
});
