import { rm } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { describeContentStore, smallImage } from '../../test/content-store-conformance';
import { fakeRegistries } from '../../test/fake-registry-setup';
import { temporaryFolder } from '../../test/temporary-folder';
import { CachedRepository } from '../base/cached-repository';
import { BlobStore } from '../blob-store';
import { DockerArchiveTarget } from '../image/docker-archive';
import { tarStream } from '../layer/tar';
import { OciLayout } from '../layout';
import { copy } from './copy';
import { MemoryStore } from '../../test/memory-store';
import { RemoteRepository } from './remote-repository';

const folder = temporaryFolder();
const setup = fakeRegistries();
let made = 0;
const newFolder = (name: string) => path.join(folder(), `${name}-${(made += 1)}`);

const both = <T>(store: T) => ({ source: store, target: store });

describeContentStore('memory', async () => both(new MemoryStore()));

describeContentStore('an OCI layout', async () =>
  both(await OciLayout.create(newFolder('layout'))),
);

describeContentStore('a remote repository', async () =>
  both(new RemoteRepository((await setup()).client, 'r')),
);

describeContentStore('a remote repository without the referrers API', async () =>
  both(new RemoteRepository((await setup({ referrers: false })).client, 'r')),
);

describeContentStore('a sparse OCI layout', async () => {
  const elsewhere = await OciLayout.create(newFolder('elsewhere'));
  const dir = newFolder('sparse');
  await OciLayout.create(dir);
  const source = await OciLayout.open(dir, (blob) => elsewhere.blobFile(blob));
  return {
    source,
    isSparse: true,
    fill: async ({ store, layer }) => {
      await copy(store, 'v1', source, { tags: ['v1'] });
      await elsewhere.push(layer, () => store.fetch(layer));
      await rm(source.blobPath(layer.digest));
    },
  };
});

describeContentStore('the cache of base images', async () => {
  const { client } = await setup();
  const blobs = new BlobStore(newFolder('cache'));
  const source = new CachedRepository({
    connect: async () => client,
    name: 'base',
    repository: 'r',
    blobs,
    listings: newFolder('listings'),
  });
  return {
    source,
    fill: async ({ store }) => {
      await copy(store, 'v1', new RemoteRepository(client, 'r'), { tags: ['v1'] });
    },
  };
});

describeContentStore('a docker archive', async () => ({ target: new DockerArchiveTarget() }));

it('writes an image archive with config and layers', async () => {
  const image = await smallImage('archive');
  const target = new DockerArchiveTarget();
  await copy(image.store, 'v1', target, { tags: ['team/app:v1'] });
  const names: string[] = [];
  const reading = extract();
  reading.on('entry', ({ name }, stream, next) => {
    names.push(name);
    void buffer(stream).then(() => next());
  });
  const done = new Promise((resolve) => reading.on('finish', resolve));
  reading.end(await buffer(tarStream(target.entries())));
  await done;
  expect(names[0]).toBe('manifest.json');
  expect(names[2]).toBe(`${image.layer.digest.slice(7)}.tar.gz`);
});

describe('copy', () => {
  it('copies the referrers of an image before its tag is set', async () => {
    const { client, registry } = await setup();
    const { store, top, referrer } = await smallImage('signed');
    const target = new RemoteRepository(client, 'r');
    await copy(store, 'v1', target, { tags: ['v1'], referrers: true });
    const [found] = await target.referrers(top.descriptor.digest);
    expect(found?.digest).toBe(referrer.descriptor.digest);
    const puts = registry.requestsOf('PUT').filter((line) => line.includes('/manifests/'));
    expect(puts.at(-1)).toBe('PUT /v2/r/manifests/v1');
  });

  it('copies from one registry to another', async () => {
    const one = await setup();
    const two = await setup();
    const { store, top } = await smallImage('promoted');
    const from = new RemoteRepository(one.client, 'dev/app');
    await copy(store, 'v1', from, { tags: ['v1'] });
    const to = new RemoteRepository(two.client, 'prod/app');
    await copy(from, 'v1', to, { tags: ['prod'] });
    expect((await to.resolve('prod'))?.digest).toBe(top.descriptor.digest);
  });
});
