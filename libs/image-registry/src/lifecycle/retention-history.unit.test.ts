import fc from 'fast-check';
import { type Event, lastPushed, RepositoryHistory } from '../../test/repository-history';
import { movingTags, retentionPolicy, retentionProfiles, type StoredImage } from '../index';

const number = fc.nat(40);
const fixed = fc.oneof(
  number.map((n) => `v1.${n}.0`),
  number.map((n) => `prod-${n}`),
  number.map((n) => `staging-${n}`),
  number.map((n) => `dev-${n}`),
  number.map((n) => `sha-${n}`),
);
const moving = fc.constantFrom('latest', 'prod', 'staging', 'main', 'dev');
const tags = fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: fixed }, moving), { maxLength: 4 });

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('push' as const), tags }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tag' as const), image: fc.nat(), tags }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('untag' as const), tag: fixed }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('push-list' as const), tags }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('attach' as const), image: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      days: fc.integer({ min: 1, max: 15 }),
    }),
  },
);
/** Few enough numbers and many enough events that versions come, go and come again. */
const history = fc.array(event, { minLength: 20, maxLength: 150, size: 'max' });

/** How many images with a version the profile keeps. */
const versions = { environment: 10, release: 20 };

describe.each(retentionProfiles)('after any history of a repository, the profile %s', (profile) => {
  let expiredEver = 0;

  function check(
    isKept: (images: readonly StoredImage[]) => readonly StoredImage[],
    numRuns = 100,
  ): void {
    fc.assert(
      fc.property(history, (events) => {
        const repository = new RepositoryHistory(retentionPolicy(profile), (expired, images) => {
          expiredEver += expired.length;
          const kept = new Set(isKept(images));
          expect(expired.filter((image) => kept.has(image))).toEqual([]);
        });
        for (const each of events) repository.happen(each);
      }),
      { numRuns },
    );
  }

  it('never expires the image that a moving tag points to', () => {
    const isMoving = (tag: string) => movingTags[profile].includes(tag);
    expect(movingTags[profile]).toEqual(expect.arrayContaining(['latest', 'prod', 'staging']));
    check((images) => images.filter((image) => image.tags.some(isMoving)));
  });

  it('never expires a version among the last that were pushed', () => {
    check((images) => lastPushed(images, 'v*', versions[profile]));
  });

  it('never expires what belongs to an image that stays: the children of a list, and what is attached', () => {
    check((images) => {
      const safe = new Set(
        [
          ...images.filter(({ tags: own }) => own.includes('prod')),
          ...lastPushed(images, 'v*', versions[profile]),
        ].map(({ digest }) => digest),
      );
      const children = new Set(
        images.flatMap((image) => (safe.has(image.digest) ? (image.children ?? []) : [])),
      );
      return images.filter(({ digest, subject = '' }) => children.has(digest) || safe.has(subject));
    });
  });

  it('still expires images', () => {
    expect(expiredEver).toBeGreaterThan(1000);
  });
});

describe('a version that is promoted late', () => {
  it('has the place of its push among the last versions, and is safe while prod points to it', () => {
    const gone: string[] = [];
    const repository = new RepositoryHistory(retentionPolicy('environment'), (expired) => {
      gone.push(...expired.map(({ digest }) => digest));
    });
    repository.happen({ do: 'push', tags: ['dev-old'] });
    for (let n = 0; n < 10; n += 1) repository.happen({ do: 'push', tags: [`v1.${n}.0`] });
    repository.happen({ do: 'tag', image: 0, tags: ['v2.0.0', 'prod'] });
    repository.happen({ do: 'wait', days: 30 });
    expect(gone).toEqual([]);
    repository.happen({ do: 'push', tags: ['v2.1.0', 'prod'] });
    repository.happen({ do: 'wait', days: 1 });
    expect(gone).toEqual(['image-2', 'image-1']);
  });
});
