import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { FakeRegistry } from '../../test/fake-registry';
import { publishBase } from '../../test/publish-base';
import { temporaryFolder } from '../../test/temporary-folder';
import { type Digest, digestOf } from '../digest';
import { MEDIA_TYPE } from '../manifest';
import { parsePlatform } from '../platform';
import { type BasePin, pinnedBase } from './pinned-base';
import { autoBase, baseBlobs, defaultCacheDir, registryBase } from './registry-base';

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
  it('resolves an index to its platforms with their layers, with an anonymous token', async () => {
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

  it('resolves a reference at the mirror of its registry, and keeps its name', async () => {
    const digest = await publish();
    const reference = 'registry.invalid/node:lts';
    const mirrors = { 'registry.invalid': host };
    const base = await registryBase({ cacheDir: cacheDir(), mirrors }).resolve(reference);
    expect(base).toMatchObject({ reference, digest });
    const elsewhere = { cacheDir: cacheDir(), mirrors, remedy: '', base };
    const { layers } = await base.load(parsePlatform('linux/amd64'));
    for (const { descriptor } of layers) await baseBlobs(elsewhere)(descriptor);
    expect(blobRequests().length).toBeGreaterThan(layers.length);
  });

  it('resolves a single image to its platform', async () => {
    await publish();
    const [digest] = [...registry.manifests.keys()].map((key) => key.replace('node/', ''));
    const base = await source().resolve(`${host}/node@${digest}`);
    expect(base).toMatchObject({ digest, platforms: ['linux/amd64'] });
  });

  const publishIndex = (manifests: unknown) => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
    registry.manifests.set('node/index', { type: MEDIA_TYPE.ociIndex, bytes });
    return source().resolve(`${host}/node:index`);
  };
  const child = async () => {
    const { manifests } = await publishBase(registry);
    const digest = manifests['amd64'] as Digest;
    const { bytes, type } = registry.manifests.get(`node/${digest}`) ?? { bytes: '', type: '' };
    return { mediaType: type, digest, size: bytes.length };
  };

  it('takes the platform from the config if the index lists none', async () => {
    expect((await publishIndex([await child()])).platforms).toEqual(['linux/amd64']);
  });

  it('takes null for an absent list or field, as Go programs write it', async () => {
    const base = await publishIndex([
      { ...(await child()), platform: null, annotations: null, urls: null },
    ]);
    expect(base.platforms).toEqual(['linux/amd64']);
  });

  it('rejects an index without an image', async () => {
    const attestation = { platform: { os: 'unknown', architecture: 'unknown' } };
    const artifact = { artifactType: 'application/x' };
    const lists: [unknown, string][] = [
      [[], 'is empty'],
      [[{ ...(await child()), ...attestation }], 'lists only attestations'],
      [[{ ...(await child()), ...artifact }], 'lists only attestations'],
    ];
    for (const [manifests, problem] of lists) {
      await expect(publishIndex(manifests)).rejects.toMatchObject({
        code: 'BASE_UNAVAILABLE',
        message: expect.stringContaining(problem),
      });
    }
  });

  it('names the platforms of an image that lacks the requested one', async () => {
    await publish();
    const base = await source().resolve(`${host}/node:lts`);
    await expect(base.load(parsePlatform('linux/s390x'))).rejects.toMatchObject({
      code: 'PLATFORM_MISSING',
      message: expect.stringContaining('only for linux/amd64, linux/arm64'),
    });
  });

  it('needs no registry for a cached reference by digest', async () => {
    const digest = await publish();
    const reference = `${host}/node@${digest}`;
    await (await source().resolve(reference)).load(parsePlatform('linux/amd64'));
    registry.requests.length = 0;
    await (await source().resolve(reference)).load(parsePlatform('linux/amd64'));
    expect(registry.requests).toEqual([]);
  });

  it('reports a response that is not an image', async () => {
    registry.manifests.set('node/odd', { type: 'text/html', bytes: Buffer.from('<html>') });
    const resolving = source().resolve(`${host}/node:odd`);
    await expect(resolving).rejects.toMatchObject({ code: 'BASE_UNAVAILABLE' });
  });

  it('fetches a manifest again that is damaged in the cache', async () => {
    const digest = await publish();
    await source().resolve(`${host}/node@${digest}`);
    await writeFile(cached(digest), 'damaged');
    expect(await source().resolve(`${host}/node@${digest}`)).toMatchObject({ digest });
    expect(digestOf(await readFile(cached(digest)))).toBe(digest);
  });

  it('does not fetch layers before they are needed', async () => {
    const { layers } = await publishBase(registry);
    const base = await source().resolve(`${host}/node:lts`);
    await base.load(parsePlatform('linux/amd64'));
    expect(blobRequests().filter((line) => line.includes(layers['amd64'] ?? ''))).toEqual([]);
  });

  it('sends the credentials of its host to a registry that requires them', async () => {
    await registry.stop();
    registry = new FakeRegistry({ basic: { username: 'me', password: 'secret' } });
    host = await registry.start();
    const digest = await publish();
    const requested: string[] = [];
    const base = registryBase({
      cacheDir: cacheDir(),
      credentials: async (name) => {
        requested.push(name);
        return { username: 'me', password: 'secret' };
      },
    });
    expect(await base.resolve(`${host}/node:lts`)).toMatchObject({ digest });
    expect(new Set(requested)).toEqual(new Set([host]));
    const anonymous = registryBase({ cacheDir: cacheDir() }).resolve(`${host}/node:lts`);
    await expect(anonymous).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
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

  it('fetches a layer once for concurrent requests', async () => {
    await registry.stop();
    // Without a 401 for each of them.
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

  it('fetches a layer again that is damaged in the cache with its size unchanged', async () => {
    await publish();
    const layer = await layerOf();
    await writeFile(await blobs()(layer), Buffer.alloc(layer.size));
    expect(digestOf(await readFile(await blobs()(layer)))).toBe(layer.digest);
  });

  it('needs no registry for a cached layer', async () => {
    await publish();
    const layer = await layerOf();
    await blobs()(layer);
    await registry.stop();
    expect(await blobs()(layer)).toBe(cached(layer.digest));
  });

  it('ignores the incomplete layer and the lock of a killed process', async () => {
    await publish();
    const layer = await layerOf();
    const lock = `${cached(layer.digest)}.lock`;
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    await writeFile(cached(layer.digest), 'half');
    expect(digestOf(await readFile(await blobs()(layer)))).toBe(layer.digest);
  });

  it('does not cache a layer that does not match its digest', async () => {
    await publish();
    const layer = await layerOf();
    registry.blobs.set(`node/${layer.digest}`, Buffer.alloc(layer.size));
    await expect(blobs()(layer)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(await readdir(path.dirname(cached('')))).not.toContain(layer.digest.slice(7));
  });

  it('reports a cache that is not writable with its folder', async () => {
    await publish();
    const layer = await layerOf();
    await rm(cacheDir(), { recursive: true });
    await writeFile(cacheDir(), 'not a folder');
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
      remedy: 'Pin it again.',
    });

  it('uses the pinned image even if its tag has moved', async () => {
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

  it('resolves a reference without a pin by its tag', async () => {
    const { digest } = await publishBase(registry, { tag: 'other' });
    const base = pinned({ digest: digestOf('gone') });
    expect(await base.resolve(`${host}/node:other`)).toMatchObject({ digest });
  });

  it('reports a pinned image that no longer exists, with the remedy', async () => {
    await publish();
    const digest = digestOf('gone');
    await expect(pinned({ digest }).resolve(`${host}/node:lts`)).rejects.toMatchObject({
      code: 'BASE_PIN_GONE',
      message: expect.stringMatching(/Dockerfile\.lock\.json.*Pin it again\./),
    });
  });

  it('rejects a pin with other platforms than the image', async () => {
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

  it('uses the stand-in if the registry is unreachable, and reports it', async () => {
    await registry.stop();
    const reported: string[] = [];
    const base = autoBase({
      registry: source(),
      standIn,
      allowStandIn: true,
      onFallback: (text) => reported.push(text),
    });
    expect(await base.resolve(`${host}/node:lts`)).toMatchObject({ standIn: true });
    expect(reported).toEqual([expect.stringContaining(`${host} is unreachable`)]);
  });

  it('treats a proxy that blocks access as an unreachable registry', async () => {
    registry.faults.push({ when: /./, times: 1, status: 403, body: '<html>' });
    const base = autoBase({ registry: source(), standIn, allowStandIn: true });
    expect(await base.resolve(`${host}/node:lts`)).toMatchObject({ standIn: true });
  });

  it('fails if a stand-in is not allowed', async () => {
    await registry.stop();
    const base = autoBase({ registry: source(), standIn, allowStandIn: false });
    await expect(base.resolve(`${host}/node:lts`)).rejects.toMatchObject({
      code: 'BASE_UNAVAILABLE',
    });
  });

  it('fails if the registry does not have the image', async () => {
    const base = autoBase({ registry: source(), standIn, allowStandIn: true });
    await expect(base.resolve(`${host}/node:none`)).rejects.toMatchObject({
      code: 'MANIFEST_UNKNOWN',
    });
  });
});

describe('defaultCacheDir', () => {
  it('is in the home folder of the account if HOME is not set', () => {
    expect(defaultCacheDir({})).toBe(path.join(userInfo().homedir, '.cache/typerush/oci'));
    expect(defaultCacheDir({ HOME: '/home/a' })).toBe('/home/a/.cache/typerush/oci');
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/typerush/oci');
  });
});
