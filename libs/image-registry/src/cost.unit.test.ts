import fc from 'fast-check';
import {
  bytesFreedBy,
  imageStorage,
  monthlyStorageCost,
  type SizedImage,
  storedBytes,
} from './cost';
import { retentionPolicy } from './lifecycle/retention';

const now = new Date('2026-07-01T00:00:00Z');
const day = 24 * 60 * 60 * 1000;

const image = (
  digest: string,
  blobs: Record<string, number>,
  further: Partial<SizedImage> = {},
) => ({
  digest,
  tags: [],
  pushedAt: now,
  ...further,
  blobs: Object.entries(blobs).map(([each, size]) => ({ digest: each, size })),
});

describe('what a repository stores', () => {
  it('counts a layer that images share once', () => {
    const images = [image('a', { base: 100, app1: 5 }), image('b', { base: 100, app2: 7 })];
    expect(storedBytes(images)).toBe(112);
    expect(imageStorage(images)).toMatchObject([
      { image: { digest: 'b' }, bytes: 107, ownBytes: 7, shareBytes: 57 },
      { image: { digest: 'a' }, bytes: 105, ownBytes: 5, shareBytes: 55 },
    ]);
  });

  it('counts the images of a manifest list as part of the list', () => {
    const images = [
      image('list', {}, { tags: ['v1'], children: ['amd64', 'arm64'] }),
      image('amd64', { base1: 10, app: 1 }),
      image('arm64', { base2: 20, app: 1 }),
    ];
    expect(imageStorage(images)).toEqual([
      { image: images[0], bytes: 31, ownBytes: 31, shareBytes: 31 },
    ]);
  });

  it('is nothing without images', () => {
    expect(storedBytes([])).toBe(0);
    expect(imageStorage([])).toEqual([]);
  });

  it('is 10 cents for a GB and a month unless the region costs more', () => {
    expect(monthlyStorageCost(8e9)).toBeCloseTo(0.8);
    expect(monthlyStorageCost(8e9, 0.12)).toBeCloseTo(0.96);
  });
});

describe('what a policy frees', () => {
  it('leaves out what an image that stays refers to', () => {
    const images = [
      image('old', { base: 100, app1: 5 }, { pushedAt: new Date(now.getTime() - 8 * day) }),
      image('new', { base: 100, app2: 7 }, { tags: ['latest'] }),
    ];
    expect(bytesFreedBy(retentionPolicy('environment'), images, now)).toBe(5);
  });

  it('takes in the images of a list that goes', () => {
    const pushedAt = new Date(now.getTime() - 8 * day);
    const images = [
      image('list', {}, { pushedAt, children: ['amd64'] }),
      image('amd64', { layer: 10 }, { pushedAt }),
    ];
    expect(bytesFreedBy(retentionPolicy('environment'), images, now)).toBe(10);
  });
});

describe('over any images', () => {
  const sizes = [3, 10, 50, 1000, 7, 0, 12];
  const images = fc
    .array(fc.uniqueArray(fc.nat({ max: sizes.length - 1 })), { maxLength: 8 })
    .map((held) =>
      held.map((blobs, index) =>
        image(`i${index}`, Object.fromEntries(blobs.map((blob) => [`b${blob}`, sizes[blob] ?? 0]))),
      ),
    );

  it('the shares add up to what is stored, and none is less than what the image alone holds', () => {
    fc.assert(
      fc.property(images, (all) => {
        const rows = imageStorage(all);
        const sum = rows.reduce((total, { shareBytes }) => total + shareBytes, 0);
        expect(sum).toBeCloseTo(storedBytes(all), 6);
        for (const { ownBytes, shareBytes, bytes } of rows) {
          expect(ownBytes).toBeLessThanOrEqual(shareBytes + 1e-6);
          expect(shareBytes).toBeLessThanOrEqual(bytes + 1e-6);
        }
      }),
    );
  });

  it('what an image alone holds is what goes with it', () => {
    fc.assert(
      fc.property(images, (all) => {
        for (const { image: gone, ownBytes } of imageStorage(all)) {
          const rest = all.filter((each) => each !== gone);
          expect(storedBytes(all) - storedBytes(rest)).toBe(ownBytes);
        }
      }),
    );
  });
});
