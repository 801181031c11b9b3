import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fakeRegistries } from '../../test/fake-registry-setup';
import { type SampleImage, sampleImage } from '../../test/sample-image';
import { temporaryFolder } from '../../test/temporary-folder';
import { type Blob } from '../blob-store';
import { OciLayout } from '../layout';
import { type Descriptor, MEDIA_TYPE } from '../manifest';
import { copy } from './copy';
import { type CopyEvent } from './copy';
import { RemoteRepository } from './remote-repository';
import { pushImage } from '../../test/push-image';

const folder = temporaryFolder();
const setup = fakeRegistries();
const LAYERS = [50_000, 4_000, 700] as const;
const LAYER_BYTES = LAYERS[0] + 2 * (LAYERS[1] + LAYERS[2]);
const isConfig = ({ mediaType }: Descriptor) => mediaType === MEDIA_TYPE.ociConfig;
const noTags = { fixed: [], moving: [] };
let made = 0;
let image: SampleImage;
let other: SampleImage;

const sample = () => sampleImage(path.join(folder(), `image-${(made += 1)}`), LAYERS);

beforeAll(async () => {
  image = await sample();
  other = await sample();
});

/** The same image without the file of its shared layer. */
async function sparse() {
  const lacking = await sample();
  const base = lacking.layers[0];
  if (!base) throw new Error('there is a layer');
  const file = path.join(folder(), `base-${made}`);
  await writeFile(file, await lacking.layout.read(base.digest));
  await rm(lacking.layout.blobPath(base.digest));
  const requested: Blob[] = [];
  const fetchMissing = async (blob: Blob) => {
    requested.push(blob);
    return file;
  };
  const layout = await OciLayout.open(lacking.layout.dir, fetchMissing);
  return { ...lacking, layout, base, file, requested };
}

describe('a sparse layout', () => {
  it('fetches a missing layer once, and only if the registry lacks it too', async () => {
    const { client } = await setup();
    const { layout, digest, base, requested } = await sparse();
    const push = (repository: string, mountFrom: readonly string[] = []) =>
      pushImage({ layout, digest, client, repository, tags: noTags, mountFrom });
    const first = await push('a');
    expect(requested).toEqual([base]);
    expect(first).toMatchObject({ mountedBytes: 0, presentBytes: 0 });
    expect(await push('a')).toMatchObject({ uploadedBytes: 0, presentBytes: first.uploadedBytes });
    expect(await push('b', ['a'])).toMatchObject({
      uploadedBytes: 0,
      mountedBytes: first.uploadedBytes,
    });
    expect(requested).toHaveLength(1);
  });

  it('reports a fetched layer that does not match its digest, and pushes no manifest', async () => {
    const { client, registry } = await setup();
    const { layout, digest, file } = await sparse();
    await writeFile(file, Buffer.alloc(LAYERS[0]));
    const to = { client, repository: 'a', tags: noTags };
    await expect(pushImage({ layout, digest, ...to })).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
    await writeFile(file, 'short');
    await expect(pushImage({ layout, digest, ...to })).rejects.toMatchObject({
      code: 'BLOB_MISSING',
    });
    expect(registry.manifests.size).toBe(0);
  });
});

describe('the progress of a push', () => {
  it('reports start, bytes and end of each blob, and each retry', async () => {
    const { client, registry } = await setup();
    registry.faults.push({ when: /^POST/, times: 1, status: 502 });
    const events: CopyEvent[] = [];
    const onProgress = (event: CopyEvent) => events.push(event);
    const to = { client, repository: 'a', tags: { fixed: ['v1'], moving: [] }, onProgress };
    await pushImage({ ...image, ...to });
    const of = (digest: string) =>
      events.filter((event) => 'digest' in event && event.digest === digest);
    for (const { digest, size } of image.layers) {
      const reported = of(digest);
      expect(reported[0]).toEqual({ kind: 'blob-start', digest, size });
      expect(reported.at(-2)).toEqual({ kind: 'blob-progress', digest, size, sentBytes: size });
      expect(reported.at(-1)).toEqual({ kind: 'blob', digest, size, action: 'uploaded' });
    }
    const retries = events.filter(({ kind }) => kind === 'retry');
    expect(retries).toMatchObject([{ attempt: 2, attempts: 4, reason: 'HTTP 502' }]);
  });

  it('is only reported to the listener of that push', async () => {
    const { client, registry } = await setup();
    const events: CopyEvent[] = [];
    const onProgress = (event: CopyEvent) => events.push(event);
    await pushImage({ ...image, client, repository: 'a', tags: noTags, onProgress });
    events.length = 0;
    registry.faults.push({ when: /^POST/, times: 1, status: 502 });
    await pushImage({ ...other, client, repository: 'a', tags: noTags });
    expect(events).toEqual([]);
  });
});

describe('a failed upload', () => {
  it('ends the push at once: other uploads are cancelled or not started', async () => {
    const { client, registry } = await setup();
    const denied = '{"errors":[{"code":"DENIED","message":"not yours"}]}';
    registry.faults.push(
      { when: /^PUT/, times: 1, status: 403, body: denied },
      { when: /^PUT/, times: 99, silent: true },
    );
    const pushing = pushImage({ ...image, client, repository: 'a', tags: noTags });
    await expect(pushing).rejects.toMatchObject({ code: 'DENIED' });
    expect(registry.manifests.size).toBe(0);
  });
});

const planOnly = true;

describe('copy with planOnly', () => {
  it('reports the bytes to upload, each blob once, and changes nothing', async () => {
    const { client, registry } = await setup();
    const plan = await copy(image.layout, image.digest, new RemoteRepository(client, 'a'), {
      planOnly,
    });
    expect(plan).toMatchObject({ present: false, mountedBytes: 0, presentBytes: 0 });
    const configs = plan.blobs.map(({ blob }) => blob).filter(isConfig);
    const configBytes = configs.reduce((sum, { size }) => sum + size, 0);
    expect(plan.uploadedBytes).toBe(LAYER_BYTES + configBytes);
    expect(plan.blobs).toHaveLength(7);
    expect(registry.requests.filter((line) => !line.startsWith('HEAD'))).toEqual([]);
    const { uploadedBytes } = await pushImage({ ...image, client, repository: 'a', tags: noTags });
    expect(uploadedBytes).toBe(plan.uploadedBytes);
    const after = await copy(image.layout, image.digest, new RemoteRepository(client, 'a'), {
      planOnly,
    });
    expect(after).toMatchObject({ present: true, uploadedBytes: 0, presentBytes: uploadedBytes });
  });

  it('reports blobs that can be mounted separately', async () => {
    const { client } = await setup();
    const base = image.layers[0];
    if (!base) throw new Error('there is a layer');
    await client.uploadBlob('other', base, await image.layout.blobFile(base));
    const mountFrom = (blob: Descriptor) => (blob.digest === base.digest ? ['none', 'other'] : []);
    const plan = await copy(image.layout, image.digest, new RemoteRepository(client, 'a'), {
      planOnly,
      mountFrom,
    });
    expect(plan.mountedBytes).toBe(LAYERS[0]);
    const pushed = await pushImage({ ...image, client, repository: 'a', mountFrom, tags: noTags });
    expect(pushed).toMatchObject({ mountedBytes: LAYERS[0], uploadedBytes: plan.uploadedBytes });
  });
});

describe('a push to several registries', () => {
  it('moves no tag in any registry before the image and its fixed tags are in all of them', async () => {
    const one = await setup();
    const two = await setup({ immutable: /^v/ });
    const clients = [one.client, two.client];
    const everywhere = async (from: SampleImage, version: string) => {
      const put = await Promise.all(
        clients.map(async (client) => {
          const target = new RemoteRepository(client, 'a');
          return { target, ...(await copy(from.layout, from.digest, target, { tags: [version] })) };
        }),
      );
      for (const { target, manifest } of put) await target.tag(manifest, 'latest');
    };
    await everywhere(image, 'v1');
    await expect(everywhere(other, 'v1')).rejects.toMatchObject({ code: 'TAG_INVALID' });
    for (const client of clients) {
      expect((await client.headManifest('a', 'latest'))?.digest).toBe(image.digest);
    }
    await everywhere(other, 'v2');
    for (const client of clients) {
      expect((await client.headManifest('a', 'latest'))?.digest).toBe(other.digest);
    }
  });

  it('reports tag, both digests and the remedy if a tag cannot be moved', async () => {
    const { client } = await setup({ immutable: /^v/ });
    const target = new RemoteRepository(client, 'a');
    await copy(image.layout, image.digest, target, { tags: ['v1'] });
    const again = copy(other.layout, other.digest, target, { tags: ['v1'] });
    await expect(again).rejects.toThrow(
      new RegExp(
        `"v1" points to ${image.digest} .* to ${other.digest}.*Push this image under a new tag`,
      ),
    );
  });
});
