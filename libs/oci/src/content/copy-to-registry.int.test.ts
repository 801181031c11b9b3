import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FakeRegistry, type FakeRegistryOptions } from '../../test/fake-registry';
import { temporaryFolder } from '../../test/temporary-folder';
import { tinyBase, tinyBaseBlobs } from '../../test/tiny-base';
import { type Digest } from '../digest';
import { buildImage } from '../image/build-image';
import { writeLayout } from '../layout';
import { OciLayout } from '../layout';
import { type ImageManifest } from '../manifest';
import { copy } from './copy';
import { RemoteRepository } from './remote-repository';
import { type CopyEvent } from './copy';
import { pushImage, type PushImageRequest } from '../../test/push-image';
import { RegistryClient } from '../registry/registry-client';

const folder = temporaryFolder();
const running: FakeRegistry[] = [];
let one: { layout: OciLayout; digest: Digest };
let two: { layout: OciLayout; digest: Digest };

async function image(name: string, platforms: readonly string[]) {
  const root = path.join(folder(), name);
  await mkdir(root, { recursive: true });
  await writeFile(path.join(root, 'main.js'), name);
  const dockerfile = path.join(root, 'Dockerfile');
  await writeFile(dockerfile, 'FROM a AS build\nFROM a\nCOPY --from=build /main.js /app/\n');
  const outDir = path.join(root, 'out');
  const base = tinyBase(folder(), platforms);
  const { digest } = await buildImage({ dockerfile, stages: { build: { root } }, base, outDir });
  const sparse = await OciLayout.open(outDir, tinyBaseBlobs(folder()));
  const whole = path.join(root, 'whole');
  await writeLayout({ layout: sparse, digest }, whole);
  return { layout: await OciLayout.open(whole), digest };
}

async function setup(options: FakeRegistryOptions = {}) {
  const registry = new FakeRegistry(options);
  running.push(registry);
  const host = await registry.start();
  const client = new RegistryClient({ host, retry: { retries: 3, minDelayMs: 1, maxDelayMs: 2 } });
  const push = (from: typeof one, rest: Partial<PushImageRequest> = {}) =>
    pushImage({
      ...from,
      client,
      repository: 'r',
      tags: { fixed: ['v1'], moving: ['latest'] },
      ...rest,
    });
  return { registry, client, push };
}

beforeAll(async () => {
  one = await image('one', ['linux/amd64']);
  two = await image('two', ['linux/amd64', 'linux/arm64']);
});
afterEach(() => Promise.all(running.splice(0).map((registry) => registry.stop())));

describe('copy to a registry', () => {
  it('sets all tags of an image, moving tags last', async () => {
    const { registry, push } = await setup();
    const pushed = await push(one);
    expect(pushed).toMatchObject({
      digest: one.digest,
      presentBytes: 0,
      tags: [
        { tag: 'v1', action: 'created' },
        { tag: 'latest', action: 'created' },
      ],
    });
    expect(pushed.uploadedBytes).toBeGreaterThan(0);
    const manifests = registry.requestsOf('PUT').filter((line) => line.includes('manifests'));
    expect(manifests).toEqual(['PUT /v2/r/manifests/v1', 'PUT /v2/r/manifests/latest']);
    expect(registry.manifests.get('r/latest')?.bytes).toEqual(await one.layout.read(one.digest));
  });

  it('does not upload content again', async () => {
    const { registry, push } = await setup();
    const { uploadedBytes } = await push(one);
    registry.requests.length = 0;
    expect(await push(one)).toMatchObject({
      uploadedBytes: 0,
      presentBytes: uploadedBytes,
      tags: [{ action: 'unchanged' }, { action: 'unchanged' }],
    });
    expect([...registry.requestsOf('PUT'), ...registry.requestsOf('POST')]).toEqual([]);
  });

  it('pushes an index after its manifests, and shared blobs once', async () => {
    const { registry, push } = await setup();
    await push(two);
    const puts = registry.requestsOf('PUT').map((line) => line.replace('/v2/r/', ''));
    const manifests = puts.filter((line) => line.startsWith('PUT manifests'));
    expect(manifests).toHaveLength(4);
    expect(manifests.slice(2)).toEqual(['PUT manifests/v1', 'PUT manifests/latest']);
    expect(registry.blobs.size).toBe(5);
    expect(puts.filter((line) => line.startsWith('PUT blobs'))).toHaveLength(5);
  });

  it('moves the moving tag to another image and reports it', async () => {
    const { push } = await setup();
    await push(one);
    const { tags } = await push(two, { tags: { fixed: ['v2'], moving: ['latest'] } });
    expect(tags).toEqual([
      { tag: 'v2', action: 'created' },
      { tag: 'latest', action: 'moved' },
    ]);
  });

  it('changes no tag and leaves no image if an immutable tag exists', async () => {
    const { registry, push } = await setup({ immutable: /^v/ });
    await push(one);
    const tags = { fixed: ['v2', 'v1'], moving: ['latest'] };
    await expect(push(two, { tags })).rejects.toMatchObject({ code: 'TAG_INVALID', status: 400 });
    expect(registry.manifests.has('r/v2')).toBe(false);
    expect(registry.manifests.has(`r/${two.digest}`)).toBe(false);
    expect(registry.manifests.get('r/latest')?.bytes).toEqual(await one.layout.read(one.digest));
  });

  it('accepts an immutable tag that was set by a request whose response was lost', async () => {
    const { registry, push } = await setup({ immutable: /^v/ });
    registry.faults.push({ when: /PUT .*manifests\/v1/, times: 1, drop: 'after' });
    expect((await push(one)).tags).toContainEqual({ tag: 'v1', action: 'created' });
  });

  it('succeeds despite 500, 429 and lost connections', async () => {
    const { registry, push } = await setup();
    registry.faults.push(
      { when: /^HEAD/, times: 2, drop: 'before' },
      { when: /^POST/, times: 2, status: 503 },
      { when: /^PUT .*blobs/, times: 1, drop: 'after' },
      { when: /^PUT .*manifests/, times: 1, status: 429, headers: { 'retry-after': '1' } },
    );
    expect((await push(two)).digest).toBe(two.digest);
    expect(registry.manifests.has('r/latest')).toBe(true);
  });

  it('stores an image without tags by its digest', async () => {
    const { registry, push } = await setup();
    await push(one, { tags: { fixed: [], moving: [] } });
    expect(registry.manifests.has(`r/${one.digest}`)).toBe(true);
  });

  it('reports each blob, manifest and tag', async () => {
    const { push } = await setup();
    const events: CopyEvent[] = [];
    await push(one, { onProgress: (event) => events.push(event) });
    const reported = events.map((event) =>
      'action' in event ? `${event.kind} ${event.action}` : event.kind,
    );
    expect([...new Set(reported.filter((line) => /start|progress/.test(line)))]).toEqual([
      'blob-start',
      'blob-progress',
    ]);
    expect(reported.filter((line) => !/start|progress/.test(line)).sort()).toEqual([
      'blob uploaded',
      'blob uploaded',
      'blob uploaded',
      'manifest uploaded',
      'tag',
      'tag',
    ]);
  });

  it('reports a missing blob, and pushes no manifest', async () => {
    const { registry, push } = await setup();
    const lost = await image('lost', ['linux/amd64']);
    const bytes = await lost.layout.read(lost.digest);
    const { layers } = JSON.parse(bytes.toString()) as ImageManifest;
    for (const { digest } of layers) await rm(lost.layout.blobPath(digest));
    await expect(push(lost)).rejects.toMatchObject({ code: 'BLOB_MISSING' });
    expect(registry.manifests.size).toBe(0);
  });

  it('reports a missing image before any request', async () => {
    const { registry, client } = await setup();
    const target = new RemoteRepository(client, 'r');
    await expect(copy(one.layout, two.digest, target)).rejects.toMatchObject({
      code: 'IMAGE_MISSING',
    });
    expect(registry.requests).toEqual([]);
  });
});
