import fc from 'fast-check';
import { image, now } from '../../test/lifecycle-documents';
import {
  checkLifecyclePolicy,
  evaluateLifecyclePolicy,
  movingTags,
  retentionPolicy,
  type RetentionProfile,
  retentionProfiles,
  type StoredImage,
} from '../index';

function expired(profile: RetentionProfile, images: StoredImage[]): StoredImage[] {
  return evaluateLifecyclePolicy(retentionPolicy(profile), images, now).map(
    (verdict) => verdict.image,
  );
}

/** So many images of a prefix, the first the youngest. */
function builds(prefix: string, count: number, daysOld = 0): StoredImage[] {
  return Array.from({ length: count }, (_, n) => image([`${prefix}${n}`], daysOld + n));
}

describe.each(retentionProfiles)('the retention profile %s', (profile) => {
  it('is a policy that ECR accepts, without an ineffective rule', () => {
    expect(
      checkLifecyclePolicy(retentionPolicy(profile), { movingTags: movingTags[profile] }),
    ).toEqual([]);
    expect(checkLifecyclePolicy(retentionPolicy(profile))).toEqual([]);
  });

  it('expires untagged images after 7 days', () => {
    expect(expired(profile, [image([], 6), image([], 8)]).map(({ digest }) => digest)).toEqual([
      'untagged-8',
    ]);
  });

  it('never expires an image that a moving tag points to, however old', () => {
    const tag = fc.constantFrom(
      'v1',
      'v2',
      'prod-1',
      'prod-2',
      'staging-1',
      'dev-1',
      'sha-1',
      'main-1',
    );
    const others = fc.array(fc.tuple(fc.uniqueArray(tag, { minLength: 1 }), fc.nat(300)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.constantFrom('latest', 'prod', 'staging'),
        fc.uniqueArray(tag),
        others,
        (moving, fixed, pushed) => {
          const shielded = image([moving, ...fixed], 10_000);
          const images = pushed.map(([tags, days], n) =>
            image(tags, days, { digest: `image-${n}` }),
          );
          expect(expired(profile, [shielded, ...images])).not.toContain(shielded);
        },
      ),
    );
  });
});

describe('the retention profile environment', () => {
  it('expires the oldest 20 of 30 dev images', () => {
    const [youngest, ...older] = builds('dev-', 30);
    const images = [image(['latest', ...(youngest?.tags ?? [])], 0), ...older];
    expect(expired('environment', images)).toEqual(images.slice(10));
  });

  it.each(['v1.0.', 'prod-', 'staging-', 'dev-'])(
    'keeps the last 10 of %s*, independently of other prefixes',
    (prefix) => {
      const images = builds(prefix, 12, 100);
      const burst = builds(prefix === 'dev-' ? 'staging-' : 'dev-', 10);
      expect(expired('environment', [...images, ...burst])).toEqual(images.slice(10));
    },
  );

  it('keeps a promoted image by its most precious tag, regardless of dev', () => {
    const promoted = image(['dev-1', 'staging-1', 'prod-1', 'v1.0.0'], 200);
    const former = image(['dev-2', 'prod-2', 'v1.1.0'], 100);
    const gone = expired('environment', [promoted, former, ...builds('dev-x', 40)]);
    expect(gone).not.toContain(promoted);
    expect(gone).not.toContain(former);
    // They are not among the last ten of dev, and take none of its places.
    expect(gone).toHaveLength(30);
  });

  it('counts a promoted image among the last ten of dev', () => {
    const promoted = image(['dev-new', 'v1.0.0'], 0);
    expect(expired('environment', [promoted, ...builds('dev-', 10, 1)])).toHaveLength(1);
  });

  it('counts the image that prod points to among the last ten of prod', () => {
    const current = image(['prod', 'prod-now'], 0);
    expect(expired('environment', [current, ...builds('prod-', 10, 1)])).toHaveLength(1);
  });

  it('keeps what prod was rolled back to, besides the last ten', () => {
    const images = builds('prod-', 15);
    const target = image(['prod', 'prod-14'], 14);
    expect(expired('environment', [...images.slice(0, 14), target])).toEqual(images.slice(10, 14));
  });
});

describe('the retention profile release', () => {
  it.each([
    ['v1.', 20],
    ['sha-', 20],
    ['latest-', 5],
    ['main-', 5],
    ['dev-', 5],
  ])('keeps the last of %s*: %i', (prefix, kept) => {
    const images = builds(prefix, kept + 3);
    expect(expired('release', images)).toEqual(images.slice(kept));
  });

  it('keeps the image of a branch that has not been built for long', () => {
    const main = image(['main', 'sha-old'], 400);
    expect(expired('release', [main, ...builds('sha-', 30)])).not.toContain(main);
  });
});
