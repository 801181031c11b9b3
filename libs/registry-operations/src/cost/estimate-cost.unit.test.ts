import { type RemoteImage } from '@typerush/ecr-access';
import { defaultMonthlyBudget, retentionPolicy } from '@typerush/image-registry';
import { type Digest, digestOf, MEDIA_TYPE } from '@typerush/oci';
import { type RemoteRegistry } from '../remote-registry';
import { describeCost } from './describe-cost';
import { type CostRequest, estimateCost } from './estimate-cost';

const now = new Date('2026-07-01T00:00:00Z');
const gigabyte = 1e9;

const image = (name: string, more: Partial<RemoteImage> = {}): RemoteImage => ({
  digest: digestOf(name),
  tags: [],
  pushedAt: new Date('2026-06-01T00:00:00Z'),
  size: 1,
  mediaType: MEDIA_TYPE.ociManifest,
  storageClass: 'standard',
  ...more,
});

const blob = (name: string, size: number, more = {}) => ({ digest: digestOf(name), size, ...more });
const manifest = (...layers: object[]) => JSON.stringify({ config: blob('config', 0), layers });

const images: Record<string, RemoteImage[]> = {
  'team/a': [
    image('new', { tags: ['latest'] }),
    image('old'),
    image('cold', { storageClass: 'archive', size: 2 * gigabyte }),
  ],
  'team/b': [image('b', { tags: ['v1'] })],
  'other/c': [image('c')],
};

const manifests: Record<string, string> = {
  [digestOf('new')]: manifest(blob('base', 10 * gigabyte), blob('app1', gigabyte)),
  [digestOf('old')]: manifest(
    blob('base', 10 * gigabyte),
    blob('app2', 3 * gigabyte),
    blob('elsewhere', 99 * gigabyte, { urls: ['https://example.org/layer'] }),
  ),
  [digestOf('b')]: manifest(blob('base', 10 * gigabyte)),
};

const fake: Partial<RemoteRegistry> = {
  repositories: async () => Object.keys(images).map((name) => ({ name })) as never,
  images: async (name) => images[name] ?? [],
  manifests: async (_, digests: readonly Digest[]) =>
    new Map(digests.map((digest) => [digest, manifests[digest] ?? ''])),
  lifecyclePolicy: async (name) =>
    name === 'team/a' ? JSON.stringify(retentionPolicy('environment')) : undefined,
};
const registry = fake as RemoteRegistry;

const estimate = (request: Partial<CostRequest> = {}) =>
  estimateCost(registry, { environment: 'dev', namespaces: new Set(['team']), now, ...request });

describe('estimateCost', () => {
  it('counts a shared layer once per repository, and only repositories in the namespaces', async () => {
    const { repositories, bytes, sharedBytes, cost } = await estimate();
    // team/a: base, app1, app2 and the archived image, whose layers are unknown.
    expect(repositories.map(({ repository, bytes }) => [repository, bytes / gigabyte])).toEqual([
      ['team/a', 16],
      ['team/b', 10],
    ]);
    expect(bytes).toBe(26 * gigabyte);
    expect(sharedBytes).toBe(16 * gigabyte);
    expect(cost).toBeCloseTo(2.6);
  });

  it('reports what the policy of a repository would free', async () => {
    const { repositories } = await estimate();
    // The untagged image expires; the archived one does not, since the rule selects the standard storage class.
    expect(repositories.map(({ bytesToExpire }) => bytesToExpire / gigabyte)).toEqual([3, 0]);
  });

  it('compares the cost at the given price with the budget', async () => {
    expect(await estimate()).toMatchObject({ budget: defaultMonthlyBudget, overBudget: false });
    expect(await estimate({ budget: 2.5 })).toMatchObject({ overBudget: true });
    expect(await estimate({ price: 0.2 })).toMatchObject({ overBudget: true, cost: 5.2 });
  });
});

describe('describeCost', () => {
  it('adds up the repositories and shows the requested number of images', async () => {
    const { text } = describeCost(await estimate(), 2);
    expect(text).toContain('the 2 most expensive of 4 images');
    expect(text).toMatch(/all +4 +26000\.0 MB +2\.60 +3000\.0 MB/);
    expect(text).toMatch(/within budget dev: 2\.60 of 5\.00 a month \(52 %\)/);
    expect(text).toMatch(/blob mounting\), it would be 1\.60/);
    expect(describeCost(await estimate(), 0).text).not.toContain('images\n');
  });

  it('returns data that JSON can represent', async () => {
    const { data } = describeCost(await estimate(), 2);
    expect(JSON.parse(JSON.stringify(data))).toMatchObject({
      overBudget: false,
      repositories: [{ repository: 'team/a', cost: 1.6, storage: expect.any(Array) }, {}],
    });
  });
});
