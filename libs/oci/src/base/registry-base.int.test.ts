import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FakeRegistry } from '../../test/fake-registry';
import { publishBase } from '../../test/publish-base';
import { temporaryFolder } from '../../test/temporary-folder';
import { type Digest, digestOf } from '../digest';
import { MEDIA_TYPE } from '../manifest';
import { parsePlatform } from '../platform';
import { autoBase } from './auto-base';
import { baseBlobs } from './base-blobs';
import { type BasePin, pinnedBase } from './pinned-base';
import { registryBase } from './registry-base';

const folder = temporaryFolder();
let registry: FakeRegistry;
let host: string;

beforeEach(async () => {
  registry = new FakeRegistry({ bearer: true });
  host = await registry.start();
  await rm(path.join(folder(), 'cache'), { recursive: true, force: true });
});
afterEach(() => registry.stop());

const cacheDir = () => path.join(folder(), 'cache');
const cached = (digest: string) => path.join(cacheDir(), 'blobs/sha256', digest.slice(7));
const source = () => registryBase({ cacheDir: cacheDir() });
const publish = async () => (await publishBase(registry)).digest;
const blobRequests = () => registry.requestsOf('GET').filter((line) => line.includes('/blobs/'));

describe('registryBase', () => {
  it('an index gives its platforms, and each the layers for it, with an anonymous token', async () => {
    const digest = await publish();
    const base = await source().resolve(`${host}/node:lts`);
    expect(base).toMatchObject({
      digest,
      standIn: false,
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    const { config, layers } = await base.load(parsePlatform('linux/arm64'));
    expect(config).toMatchObject({ architecture: 'arm64', config: { Cmd: ['node'] } });
    expect(layers.map(({ diffId }) => diffId)).toEqual(config.rootfs.diff_ids);
    expect(layers[0]?.descriptor.mediaType).toBe(MEDIA_TYPE.ociLayerGzip);
  });

  it('a single image is its own platform', async () => {
    await publish();
    const [digest] = [...registry.manifests.keys()].map((key) => key.replace('node/', ''));
    const base = await source().resolve(`${host}/node@${digest}`);
    expect(base).toMatchObject({ digest, platforms: ['linux/amd64'] });
  });

  it('a reference by digest needs no registry once it is cached', async () => {
    const digest = await publish();
    const reference = `${host}/node@${digest}`;
    await (await source().resolve(reference)).load(parsePlatform('linux/amd64'));
    registry.requests.length = 0;
    await (await source().resolve(reference)).load(parsePlatform('linux/amd64'));
    expect(registry.requests).toEqual([]);
  });

  it('an answer that is no image is told', async () => {
    registry.manifests.set('node/odd', { type: 'text/html', bytes: Buffer.from('<html>') });
    const resolving = source().resolve(`${host}/node:odd`);
    await expect(resolving).rejects.toMatchObject({ code: 'BASE_UNAVAILABLE' });
  });

  it('a manifest that is damaged in the cache is fetched again', async () => {
    const digest = await publish();
    await source().resolve(`${host}/node@${digest}`);
    await writeFile(cached(digest), 'damaged');
    expect(await source().resolve(`${host}/node@${digest}`)).toMatchObject({ digest });
    expect(digestOf(await readFile(cached(digest)))).toBe(digest);
  });

  it('layers stay in the registry until somebody needs them', async () => {
    const { layers } = await publishBase(registry);
    const base = await source().resolve(`${host}/node:lts`);
    await base.load(parsePlatform('linux/amd64'));
    expect(blobRequests().filter((line) => line.includes(layers['amd64'] ?? ''))).toEqual([]);
  });

  it('a registry that asks for a login gets the one of its host', async () => {
    await registry.stop();
    registry = new FakeRegistry({ basic: { username: 'me', password: 'secret' } });
    host = await registry.start();
    const digest = await publish();
    const asked: string[] = [];
    const base = registryBase({
      cacheDir: cacheDir(),
      credentials: async (name) => {
        asked.push(name);
        return { username: 'me', password: 'secret' };
      },
    });
    expect(await base.resolve(`${host}/node:lts`)).toMatchObject({ digest });
    expect(new Set(asked)).toEqual(new Set([host]));
    const nobody = registryBase({ cacheDir: cacheDir() }).resolve(`${host}/node:lts`);
    await expect(nobody).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});

describe('baseBlobs', () => {
  const layerOf = async () => {
    const base = await source().resolve(`${host}/node:lts`);
    const { layers } = await base.load(parsePlatform('linux/arm64'));
    const layer = layers[1]?.descriptor;
    if (!layer) throw new Error('the base has two layers');
    return layer;
  };
  const blobs = () =>
    baseBlobs({
      cacheDir: cacheDir(),
      base: { reference: `${host}/node:lts`, standIn: false },
      remedy: '',
    });

  it('several that need a layer at once fetch it once', async () => {
    await registry.stop();
    // Without the 401 that each of them would be met with first.
    registry = new FakeRegistry();
    host = await registry.start();
    await publish();
    const layer = await layerOf();
    registry.requests.length = 0;
    const files = await Promise.all(Array.from({ length: 5 }, () => blobs()(layer)));
    expect(new Set(files)).toEqual(new Set([cached(layer.digest)]));
    expect(blobRequests()).toHaveLength(1);
    expect(await readdir(path.dirname(cached('')))).not.toContainEqual(
      expect.stringMatching(/lock$|^\./),
    );
  });

  it('a layer that is damaged in the cache, and as long as before, is fetched again', async () => {
    await publish();
    const layer = await layerOf();
    await writeFile(await blobs()(layer), Buffer.alloc(layer.size));
    expect(digestOf(await readFile(await blobs()(layer)))).toBe(layer.digest);
  });

  it('a layer that is in the cache needs no registry', async () => {
    await publish();
    const layer = await layerOf();
    await blobs()(layer);
    await registry.stop();
    expect(await blobs()(layer)).toBe(cached(layer.digest));
  });

  it('what a process that was killed has left is no layer, and holds nobody up', async () => {
    await publish();
    const layer = await layerOf();
    const lock = `${cached(layer.digest)}.lock`;
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    await writeFile(cached(layer.digest), 'half');
    expect(digestOf(await readFile(await blobs()(layer)))).toBe(layer.digest);
  });

  it('a layer that is not what its digest says does not get into the cache', async () => {
    await publish();
    const layer = await layerOf();
    registry.blobs.set(`node/${layer.digest}`, Buffer.alloc(layer.size));
    await expect(blobs()(layer)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(await readdir(path.dirname(cached('')))).not.toContain(layer.digest.slice(7));
  });

  it('a cache that cannot be written is told with its folder', async () => {
    await publish();
    const layer = await layerOf();
    await rm(cacheDir(), { recursive: true });
    await writeFile(cacheDir(), 'a file in the way');
    await expect(blobs()(layer)).rejects.toMatchObject({
      code: 'FOLDER_UNWRITABLE',
      message: expect.stringContaining(cacheDir()),
    });
    await rm(cacheDir());
  });
});

describe('pinnedBase', () => {
  const pinned = (pin: Partial<BasePin> & Pick<BasePin, 'digest'>) =>
    pinnedBase({
      registry: source(),
      pins: { [`${host}/node:lts`]: { platforms: {}, ...pin } },
      pinnedIn: 'Dockerfile.lock.json',
      remedy: 'Pin it anew.',
    });

  it('the pinned image is used whatever its tag stands for by now', async () => {
    const { digest, manifests } = await publishBase(registry);
    const moved = await publishBase(registry, { content: 'newer' });
    expect(moved.digest).not.toBe(digest);
    const platforms = { 'linux/arm64': manifests['arm64'] as Digest };
    const reference = `${host}/node:lts`;
    expect(await pinned({ digest, platforms }).resolve(reference)).toMatchObject({
      reference,
      digest,
      identity: digest,
    });
  });

  it('a reference that is not pinned is what its tag stands for', async () => {
    const { digest } = await publishBase(registry, { tag: 'other' });
    const base = pinned({ digest: digestOf('gone') });
    expect(await base.resolve(`${host}/node:other`)).toMatchObject({ digest });
  });

  it('a pinned image that is gone is an error with its remedy', async () => {
    await publish();
    const digest = digestOf('gone');
    await expect(pinned({ digest }).resolve(`${host}/node:lts`)).rejects.toMatchObject({
      code: 'BASE_PIN_GONE',
      message: expect.stringMatching(/Dockerfile\.lock\.json.*Pin it anew\./),
    });
  });

  it('a pin that names other platforms than the image has is an error', async () => {
    const digest = await publish();
    const platforms = { 'linux/arm64': digestOf('other') };
    await expect(pinned({ digest, platforms }).resolve(`${host}/node:lts`)).rejects.toMatchObject({
      code: 'BASE_LOCK_INVALID',
      message: expect.stringContaining('linux/arm64'),
    });
  });
});

describe('autoBase', () => {
  const standIn = {
    resolve: async (reference: string) => ({
      reference,
      identity: 'stand-in',
      standIn: true,
      platforms: [],
      load: () => Promise.reject(new Error('unused')),
    }),
  };

  it('an unreachable registry gives way to the stand-in, and says so', async () => {
    await registry.stop();
    const told: string[] = [];
    const base = autoBase({
      registry: source(),
      standIn,
      allowStandIn: true,
      onFallback: (text) => told.push(text),
    });
    expect(await base.resolve(`${host}/node:lts`)).toMatchObject({ standIn: true });
    expect(told).toEqual([expect.stringContaining(`${host} cannot be reached`)]);
  });

  it('a proxy that lets nobody through counts as unreachable', async () => {
    registry.faults.push({ when: /./, times: 1, status: 403, body: '<html>' });
    const base = autoBase({ registry: source(), standIn, allowStandIn: true });
    expect(await base.resolve(`${host}/node:lts`)).toMatchObject({ standIn: true });
  });

  it('a stand-in that is not allowed is an error that says what to do', async () => {
    await registry.stop();
    const base = autoBase({ registry: source(), standIn, allowStandIn: false });
    await expect(base.resolve(`${host}/node:lts`)).rejects.toMatchObject({
      code: 'BASE_UNAVAILABLE',
    });
  });

  it('a registry that answers without the image is an error', async () => {
    const base = autoBase({ registry: source(), standIn, allowStandIn: true });
    await expect(base.resolve(`${host}/node:none`)).rejects.toMatchObject({
      code: 'MANIFEST_UNKNOWN',
    });
  });
});
