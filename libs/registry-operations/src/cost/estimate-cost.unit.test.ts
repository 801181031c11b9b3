import { defaultMonthlyBudget, retentionPolicy } from '@typerush/image-registry';
import { type Digest, digestOf, MEDIA_TYPE } from '@typerush/oci';
import {
  type StandingImage,
  type StandingRegistry,
  type StandingRepository,
} from '../standing-registry';
import { describeCost } from './describe-cost';
import { type CostRequest, estimateCost } from './estimate-cost';

const now = new Date('2026-07-01T00:00:00Z');
const gigabyte = 1e9;

const standing = (name: string, further: Partial<StandingImage> = {}): StandingImage => ({
  digest: digestOf(name),
  tags: [],
  pushedAt: new Date('2026-06-01T00:00:00Z'),
  size: 1,
  mediaType: MEDIA_TYPE.ociManifest,
  storageClass: 'standard',
  ...further,
});

const blob = (name: string, size: number, further = {}) => ({
  digest: digestOf(name),
  size,
  ...further,
});
const manifest = (...layers: object[]) => JSON.stringify({ config: blob('config', 0), layers });

const images: Record<string, StandingImage[]> = {
  'team/a': [
    standing('new', { tags: ['latest'] }),
    standing('old'),
    standing('cold', { storageClass: 'archive', size: 2 * gigabyte }),
  ],
  'team/b': [standing('b', { tags: ['v1'] })],
  'other/c': [standing('c')],
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

const registry: StandingRegistry = {
  repositories: async () =>
    Object.keys(images).map((name) => ({ name }) as unknown as StandingRepository),
  images: async (name) => images[name] ?? [],
  manifests: async (_, digests: readonly Digest[]) =>
    new Map(digests.map((digest) => [digest, manifests[digest] ?? ''])),
  lifecyclePolicy: async (name) =>
    name === 'team/a' ? JSON.stringify(retentionPolicy('environment')) : undefined,
  repositoryPolicy: async () => undefined,
  resourceTags: async () => ({}),
};

const estimate = (request: Partial<CostRequest> = {}) =>
  estimateCost(registry, { environment: 'dev', namespaces: new Set(['team']), now, ...request });

describe('the cost of a registry', () => {
  it('counts a shared layer once in each repository, and no repository of others', async () => {
    const { repositories, bytes, sharedBytes, cost } = await estimate();
    // team/a: base, app1, app2 and the archived image, whose layers nobody can tell.
    expect(repositories.map(({ repository, bytes }) => [repository, bytes / gigabyte])).toEqual([
      ['team/a', 16],
      ['team/b', 10],
    ]);
    expect(bytes).toBe(26 * gigabyte);
    expect(sharedBytes).toBe(16 * gigabyte);
    expect(cost).toBeCloseTo(2.6);
  });

  it('tells what the repository’s own policy would free', async () => {
    const { repositories } = await estimate();
    // The untagged image goes, and its archived sibling, which a rule for the standard class does not see, stays.
    expect(repositories.map(({ bytesToExpire }) => bytesToExpire / gigabyte)).toEqual([3, 0]);
  });

  it('is held against a budget, at the price of the region', async () => {
    expect(await estimate()).toMatchObject({ budget: defaultMonthlyBudget, overBudget: false });
    expect(await estimate({ budget: 2.5 })).toMatchObject({ overBudget: true });
    expect(await estimate({ price: 0.2 })).toMatchObject({ overBudget: true, cost: 5.2 });
  });
});

describe('the table of costs', () => {
  it('adds up, and shows as many images as are asked for', async () => {
    const { text } = describeCost(await estimate(), 2);
    expect(text).toContain('the dearest 2 of 4 images');
    expect(text).toMatch(/all +4 +26000\.0 MB +2\.60 +3000\.0 MB/);
    expect(text).toMatch(/within budget dev: 2\.60 of 5\.00 a month \(52 %\)/);
    expect(text).toMatch(/blob mounting\), it would be 1\.60/);
    expect(describeCost(await estimate(), 0).text).not.toContain('images\n');
  });

  it('is JSON without functions or maps for a machine', async () => {
    const { data } = describeCost(await estimate(), 2);
    expect(JSON.parse(JSON.stringify(data))).toMatchObject({
      overBudget: false,
      repositories: [{ repository: 'team/a', cost: 1.6, storage: expect.any(Array) }, {}],
    });
  });
});
