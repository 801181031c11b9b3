import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FakeRegistry } from '../../test/fake-registry';
import { temporaryFolder } from '../../test/temporary-folder';
import { tinyBase, tinyBaseBlobs } from '../../test/tiny-base';
import { type Digest, digestOf } from '../digest';
import { buildImage } from '../image/build-image';
import { writeLayout } from '../layout';
import { OciLayout } from '../layout';
import { MEDIA_TYPE } from '../manifest';
import { copy } from './copy';
import { RemoteRepository } from './remote-repository';
import { pushImage } from '../../test/push-image';
import { RegistryClient } from '../registry/registry-client';

const folder = temporaryFolder();
const retry = { retries: 3, minDelayMs: 1, maxDelayMs: 2 };
let registry: FakeRegistry;
let client: RegistryClient;
let digest: Digest;

beforeAll(async () => {
  registry = new FakeRegistry();
  client = new RegistryClient({ host: await registry.start(), retry });
  const root = path.join(folder(), 'source');
  await mkdir(root, { recursive: true });
  await writeFile(path.join(root, 'main.js'), 'main');
  const dockerfile = path.join(root, 'Dockerfile');
  await writeFile(dockerfile, 'FROM a AS build\nFROM a\nCOPY --from=build /main.js /app/\n');
  const outDir = path.join(root, 'out');
  const base = tinyBase(folder(), ['linux/amd64', 'linux/arm64']);
  ({ digest } = await buildImage({ dockerfile, stages: { build: { root } }, base, outDir }));
  const sparse = await OciLayout.open(outDir, tinyBaseBlobs(folder()));
  const whole = path.join(root, 'whole');
  await writeLayout({ layout: sparse, digest }, whole);
  const layout = await OciLayout.open(whole);
  await pushImage({ layout, digest, client, repository: 'r', tags: { fixed: ['v1'], moving: [] } });
});
afterAll(() => registry.stop());
beforeEach(() => {
  registry.requests.length = 0;
  registry.faults.length = 0;
});

const pull = (layout: OciLayout) => copy(new RemoteRepository(client, 'r'), digest, layout);

const blobRequests = () => registry.requestsOf('GET').filter((line) => line.includes('/blobs/'));

describe('copy from a registry', () => {
  it('copies an image for two platforms with all blobs, which can be pushed again', async () => {
    const layout = await OciLayout.create(path.join(folder(), 'whole'));
    const { manifest, uploadedBytes: fetchedBytes } = await pull(layout);
    const { descriptor } = manifest;
    expect(descriptor.digest).toBe(digest);
    expect(fetchedBytes).toBeGreaterThan(0);
    await layout.setImages([descriptor]);
    const again = { layout, digest, client, repository: 'other' };
    const pushed = await pushImage({ ...again, tags: { fixed: ['v1'], moving: [] } });
    expect(pushed.uploadedBytes).toBe(fetchedBytes);
  });

  it('does not fetch blobs again', async () => {
    const layout = await OciLayout.create(path.join(folder(), 'twice'));
    await pull(layout);
    registry.requests.length = 0;
    expect(await pull(layout)).toMatchObject({ uploadedBytes: 0 });
    expect(blobRequests()).toEqual([]);
  });

  it('retries after a lost connection', async () => {
    const layout = await OciLayout.create(path.join(folder(), 'broken'));
    registry.faults.push({ when: /GET .*\/blobs\//, times: 2, drop: 'before' });
    await expect(pull(layout)).resolves.toMatchObject({ manifest: { descriptor: { digest } } });
  });

  it('rejects a blob that does not match its digest', async () => {
    const layout = await OciLayout.create(path.join(folder(), 'damaged'));
    const [key = '', good = Buffer.alloc(0)] = [...registry.blobs][0] ?? [];
    registry.blobs.set(key, Buffer.alloc(good.length, 1));
    try {
      await expect(pull(layout)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    } finally {
      registry.blobs.set(key, good);
    }
  });

  it('neither pulls nor pushes a layer with URLs of its own', async () => {
    const source = await OciLayout.create(path.join(folder(), 'foreign'));
    const config = { mediaType: MEDIA_TYPE.ociConfig, ...(await source.write(Buffer.from('{}'))) };
    const foreign = {
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      digest: digestOf('elsewhere'),
      size: 9,
      urls: ['https://example.org/layer'],
    };
    const manifest = { schemaVersion: 2, config, layers: [foreign] };
    const written = await source.write(Buffer.from(JSON.stringify(manifest)));
    await source.setImages([{ mediaType: MEDIA_TYPE.ociManifest, ...written }]);
    const to = { client, repository: 'foreign', digest: written.digest };
    await pushImage({ ...to, layout: source, tags: { fixed: ['v1'], moving: [] } });
    const layout = await OciLayout.create(path.join(folder(), 'foreign-copy'));
    const copied = copy(new RemoteRepository(client, 'foreign'), written.digest, layout);
    await expect(copied).resolves.toMatchObject({ uploadedBytes: 2 });
  });
});
