import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { FakeRegistry } from '../../test/fake-registry';
import { temporaryFolder } from '../../test/temporary-folder';
import { digestOf } from '../digest';
import { createLayer } from '../layer/create-layer';
import { MEDIA_TYPE } from '../manifest';
import { parsePlatform } from '../platform';
import { autoBase } from './auto-base';
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

function put(content: unknown) {
  const bytes = Buffer.from(JSON.stringify(content));
  return { bytes, digest: digestOf(bytes), size: bytes.length };
}

/** A base in the registry, as Docker writes it: an index of two platforms and an attestation. */
async function publish(): Promise<string> {
  const manifests = [];
  for (const architecture of ['amd64', 'arm64']) {
    const layer = await createLayer([{ path: '/bin/node', content: Buffer.from(architecture) }]);
    registry.blobs.set(`node/${layer.descriptor.digest}`, Buffer.from(layer.bytes));
    const rootfs = { type: 'layers', diff_ids: [layer.diffId] };
    const config = put({ architecture, os: 'linux', rootfs, config: { Cmd: ['node'] } });
    registry.blobs.set(`node/${config.digest}`, config.bytes);
    const { digest, size } = config;
    const image = put({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.dockerManifest,
      config: { mediaType: MEDIA_TYPE.dockerConfig, digest, size },
      layers: [{ ...layer.descriptor, mediaType: MEDIA_TYPE.dockerLayerGzip }],
    });
    registry.manifests.set(`node/${image.digest}`, {
      type: MEDIA_TYPE.dockerManifest,
      bytes: image.bytes,
    });
    const platform = { os: 'linux', architecture };
    manifests.push({
      mediaType: MEDIA_TYPE.dockerManifest,
      digest: image.digest,
      size: image.size,
      platform,
    });
  }
  const attestation = { ...manifests[0], platform: { os: 'unknown', architecture: 'unknown' } };
  const index = put({ schemaVersion: 2, manifests: [...manifests, attestation] });
  const standing = { type: MEDIA_TYPE.dockerList, bytes: index.bytes };
  registry.manifests.set('node/lts', standing).set(`node/${index.digest}`, standing);
  return index.digest;
}

const source = () => registryBase({ cacheDir: path.join(folder(), 'cache') });

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
    expect(layers).toMatchObject([{ diffId: config.rootfs.diff_ids[0] }]);
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

  it('a damaged layer does not get into the cache', async () => {
    await publish();
    for (const key of registry.blobs.keys()) registry.blobs.set(key, Buffer.from('damaged'));
    const base = await source().resolve(`${host}/node:lts`);
    await expect(base.load(parsePlatform('linux/amd64'))).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
    const cached = await readdir(path.join(folder(), 'cache/blobs/sha256'));
    expect(cached.filter((name) => name.startsWith('.'))).toEqual([]);
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
