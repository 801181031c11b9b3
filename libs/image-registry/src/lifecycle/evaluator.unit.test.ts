import fc from 'fast-check';
import {
  archive,
  daysAgo,
  image,
  now,
  olderThan,
  policyAsAskedFor,
  rule,
  tagged,
} from '../../test/lifecycle-documents';
import {
  evaluateLifecyclePolicy,
  type LifecyclePolicy,
  type LifecycleRule,
  matchesWildcard,
  type StoredImage,
} from '../index';

function acted(rules: LifecycleRule[], images: StoredImage[]): string[] {
  return evaluateLifecyclePolicy({ rules }, images, now).map(({ image: { digest } }) => digest);
}

describe('a lifecycle policy', () => {
  it('does not act on an image that a rule of higher priority matches and keeps', () => {
    const images = [
      image(['beta-1', 'prod-1'], 10, { digest: 'A' }),
      image(['beta-2', 'prod-2'], 9, { digest: 'B' }),
      image(['beta-3'], 8, { digest: 'C' }),
    ];
    expect(acted([rule(1, tagged('prod*')), rule(2, tagged('beta*'))], images)).toEqual(['A']);
  });

  it('keeps the youngest of all by an `any` rule, tagged or not', () => {
    const images = [
      image(['alpha-1'], 4, { digest: 'A' }),
      image(['beta-1'], 3, { digest: 'B' }),
      image([], 2, { digest: 'C' }),
      image(['alpha-2'], 1, { digest: 'D' }),
    ];
    expect(acted([rule(1, {})], images).sort()).toEqual(['A', 'B', 'C']);
  });

  it('selects by a list only what has a tag for each of its entries', () => {
    const rules = [
      rule(1, { ...tagged('latest', 'main'), countNumber: 9999 }),
      rule(2, olderThan(60)),
    ];
    expect(acted(rules, [image(['main'], 61)])).toEqual(['main']);
    expect(acted(rules, [image(['main', 'latest'], 61)])).toEqual([]);
  });

  it('leaves what a standing manifest list refers to, for a run after the list is gone', () => {
    const rules = [rule(1, { tagStatus: 'untagged', ...olderThan(14) })];
    const children = [image([], 40, { digest: 'amd64' }), image([], 40, { digest: 'arm64' })];
    const index = image(['v1'], 1, { children: ['amd64', 'arm64'] });
    expect(acted(rules, [index, ...children])).toEqual([]);
    expect(acted(rules, children)).toEqual(['amd64', 'arm64']);
  });

  it('leaves the children of a list that expires in the same run', () => {
    const list = image([], 40, { digest: 'list', children: ['child'] });
    expect(
      acted(
        [rule(1, { tagStatus: 'untagged', ...olderThan(14) })],
        [list, image([], 40, { digest: 'child' })],
      ),
    ).toEqual(['list']);
  });

  it('archives standard images and expires archived ones by rules of their own', () => {
    const rules = [
      rule(1, olderThan(30), archive),
      rule(2, { storageClass: 'archive', ...olderThan(365, 'sinceImageTransitioned') }),
    ];
    const images = [
      image(['young'], 29),
      image(['old'], 31),
      image(['kept'], 900, { storageClass: 'archive', transitionedAt: daysAgo(364) }),
      image(['gone'], 900, { storageClass: 'archive', transitionedAt: daysAgo(366) }),
    ];
    expect(
      evaluateLifecyclePolicy({ rules }, images, now).map(({ image: { digest }, action }) => [
        digest,
        action,
      ]),
    ).toEqual([
      ['old', archive],
      ['gone', { type: 'expire' }],
    ]);
  });

  it('goes by the last pull for sinceImagePulled, by the push where there was none', () => {
    const rules = [rule(1, olderThan(30, 'sinceImagePulled'), archive)];
    const images = [
      image(['in-use'], 90, { pulledAt: daysAgo(1) }),
      image(['forgotten'], 90, { pulledAt: daysAgo(60) }),
      image(['never-pulled'], 31),
      image(['new'], 2),
    ];
    expect(acted(rules, images)).toEqual(['never-pulled', 'forgotten']);
  });

  it('counts days to the millisecond, and acts on what is older', () => {
    const rules = [rule(1, olderThan(7))];
    expect(acted(rules, [image(['exact'], 7), image(['over'], 7 + 1e-6)])).toEqual(['over']);
  });

  it('lets signatures and SBOMs follow their image, whatever a rule says of them', () => {
    const rules = [
      rule(1, { ...tagged('v*'), countNumber: 1 }),
      rule(2, { tagStatus: 'untagged', ...olderThan(7) }),
    ];
    const images = [
      image(['v2'], 10),
      image(['v1'], 20),
      image([], 10, { digest: 'sbom-v2', subject: 'v2' }),
      image([], 20, { digest: 'sbom-v1', subject: 'v1' }),
      image([], 20, { digest: 'signature-of-sbom-v1', subject: 'sbom-v1' }),
      image([], 20, { digest: 'orphan', subject: 'gone' }),
    ];
    expect(acted(rules, images).sort()).toEqual([
      'orphan',
      'sbom-v1',
      'signature-of-sbom-v1',
      'v1',
    ]);
  });

  it('as asked for, with a list of four prefixes, expires no tagged image however many there are', () => {
    const images = Array.from({ length: 300 }, (_, n) => image([`dev-${n}`, `prod-${n}`], n));
    expect(evaluateLifecyclePolicy(policyAsAskedFor, images, now)).toEqual([]);
  });
});

const tag = fc.constantFrom('latest', 'prod', 'prod-1', 'prod-2', 'dev-1', 'dev-2', 'v1', 'v2');
const pool = fc
  .uniqueArray(
    fc.record({
      tags: fc.uniqueArray(tag, { maxLength: 4 }),
      days: fc.integer({ min: 0, max: 60 }),
    }),
    {
      maxLength: 30,
      selector: ({ tags, days }) => `${tags}@${days}`,
    },
  )
  .map((list) => list.map(({ tags, days }, n) => image(tags, days, { digest: `image-${n}` })));
const selection = fc.oneof(
  fc
    .uniqueArray(fc.constantFrom('prod*', 'prod', 'dev*', 'v*', '*1', 'latest'), {
      minLength: 1,
      maxLength: 2,
    })
    .map((patterns) => tagged(...patterns)),
  fc.constant({ tagStatus: 'untagged' } as const),
  fc.constant({ tagStatus: 'any' } as const),
);
const count = fc.oneof(
  fc
    .integer({ min: 1, max: 5 })
    .map((countNumber) => ({ countType: 'imageCountMoreThan', countNumber }) as const),
  fc.integer({ min: 1, max: 40 }).map((days) => olderThan(days)),
);
const policy: fc.Arbitrary<LifecyclePolicy> = fc
  .array(fc.tuple(selection, count), { minLength: 1, maxLength: 5 })
  .map((rules) => ({ rules: rules.map(([by, over], n) => rule(n + 1, { ...by, ...over })) }));

/** By the letter of the guide, without the evaluator's own code. */
function selects(
  { selection: { tagStatus, tagPatternList } }: LifecycleRule,
  { tags }: StoredImage,
): boolean {
  if (tagStatus === 'untagged') return tags.length === 0;
  if (tagStatus === 'any') return true;
  return (tagPatternList ?? []).every((pattern) =>
    tags.some((name) => matchesWildcard(pattern, name)),
  );
}

describe('any lifecycle policy', () => {
  it('acts on an image by the first rule that matches it, or not at all', () => {
    fc.assert(
      fc.property(policy, pool, (document, images) => {
        for (const { image: one, rulePriority } of evaluateLifecyclePolicy(document, images, now)) {
          expect(document.rules.find((candidate) => selects(candidate, one))?.rulePriority).toBe(
            rulePriority,
          );
        }
      }),
    );
  });

  it('acts on no image twice, and in whatever order they come on the same ones', () => {
    fc.assert(
      fc.property(policy, pool, (document, images) => {
        const digests = (list: StoredImage[]) =>
          evaluateLifecyclePolicy(document, list, now).map(({ image: { digest } }) => digest);
        const once = digests(images);
        expect(new Set(once).size).toBe(once.length);
        expect(digests([...images].reverse())).toEqual(once);
      }),
    );
  });

  it('leaves at least as many images as each count allows, and none younger than an age goes', () => {
    fc.assert(
      fc.property(policy, pool, (document, images) => {
        const verdicts = evaluateLifecyclePolicy(document, images, now);
        for (const each of document.rules) {
          const { countType, countNumber } = each.selection;
          const matching = images.filter((one) => selects(each, one));
          const gone = verdicts.filter(({ rulePriority }) => rulePriority === each.rulePriority);
          if (countType === 'imageCountMoreThan') {
            expect(gone.length).toBeLessThanOrEqual(Math.max(0, matching.length - countNumber));
          } else {
            for (const { image: one } of gone)
              expect(one.pushedAt.getTime()).toBeLessThan(daysAgo(countNumber).getTime());
          }
        }
      }),
    );
  });

  it('acts on nothing that a manifest list refers to', () => {
    fc.assert(
      fc.property(policy, pool, fc.nat(), (document, images, n) => {
        fc.pre(images.length > 0);
        const child = images[n % images.length];
        const list = image(['list'], 0, { children: [child?.digest ?? ''] });
        const gone = evaluateLifecyclePolicy(document, [...images, list], now);
        expect(gone.map(({ image: { digest } }) => digest)).not.toContain(child?.digest);
      }),
    );
  });
});
