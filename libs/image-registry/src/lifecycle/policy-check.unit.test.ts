import { archive, olderThan, requestedPolicy, rule, tagged } from '../../test/lifecycle-documents';
import { checkLifecyclePolicy, type LifecycleCheckOptions, type LifecycleRule } from '../index';

const noMovingTags: LifecycleCheckOptions = { movingTags: [] };

function found(rules: LifecycleRule[], options: LifecycleCheckOptions = noMovingTags): string[] {
  return checkLifecyclePolicy({ rules }, options).map(
    ({ severity, code, rulePriority }) => `${severity} ${code} ${rulePriority}`,
  );
}

const shield = (...patterns: string[]) => ({ ...tagged(...patterns), countNumber: 9999 });
const prefixed = (...tagPrefixList: string[]) => ({ tagStatus: 'tagged' as const, tagPrefixList });

describe('the check of a lifecycle policy', () => {
  it('stops at what ECR rejects', () => {
    expect(found([rule(1, {}), rule(2, tagged('a*', 'b*'))])).toEqual(['error any-not-last 1']);
  });

  it('reports that the requested policy would never expire any image', () => {
    expect(checkLifecyclePolicy(requestedPolicy)).toEqual([
      {
        severity: 'error',
        code: 'all-of-list',
        rulePriority: 2,
        message:
          'Rule 2 never expires any image, except one that has a tag for each of v*, prod*, staging*, dev* at once: ' +
          'a list selects only the images that match all of its entries. Write one rule for each entry.',
      },
    ]);
  });
});

describe('a list of tags', () => {
  it.each([
    [['v*', 'v1*'], 'one entry implies the other'],
    [['v*', '*-rc*'], 'one tag can match both'],
    [['v*', 'v*'], 'it repeats one entry'],
  ])('may be %j, since %s', (patterns) => {
    expect(found([rule(1, tagged(...patterns))])).toEqual([]);
  });

  it('is an error if an image would need several tags at once', () => {
    expect(found([rule(1, tagged('v*', 'v1*', 'dev*'))])).toEqual(['error all-of-list 1']);
    expect(found([rule(1, shield('latest', 'main')), rule(2, olderThan(60))])).toEqual([
      'error all-of-list 1',
    ]);
  });

  it.each([
    tagged('release/*'),
    tagged('-rc'),
    tagged('v*', '.*'),
    prefixed('v*'),
    tagged('a'.repeat(301)),
  ])('is an error if no tag can match an entry: %j', (selection) => {
    expect(found([rule(1, selection)])).toEqual(['error unmatchable 1']);
  });
});

describe('a rule', () => {
  it('is an error if an earlier rule claims all images that it selects', () => {
    expect(found([rule(1, tagged('prod*')), rule(2, tagged('prod-*'))])).toEqual([
      'error unreachable 2',
    ]);
    expect(found([rule(1, prefixed('v')), rule(2, tagged('*v*', 'v*'))])).toEqual([
      'error unreachable 2',
    ]);
    expect(found([rule(1, tagged('a*b')), rule(2, tagged('ac*b'))])).toEqual([
      'error unreachable 2',
    ]);
  });

  it('is an error if several earlier rules do so together', () => {
    const rules = [
      rule(1, tagged('x*')),
      rule(3, tagged('*')),
      rule(4, { tagStatus: 'untagged' }),
      rule(9, {}),
    ];
    expect(checkLifecyclePolicy({ rules }, noMovingTags)).toEqual([
      expect.objectContaining({
        code: 'unreachable',
        rulePriority: 9,
        message: expect.stringContaining('rules 3 and 4 together claim every image'),
      }),
    ]);
  });

  it('is valid if an image is left to it', () => {
    expect(found([rule(1, tagged('prod')), rule(2, tagged('prod*'))])).toEqual([]);
    expect(found([rule(1, tagged('*')), rule(2, {})])).toEqual([]);
    expect(found([rule(1, tagged('a*z')), rule(2, tagged('a*'))])).toEqual([]);
    // An image with only v1 has no tag for *-rc.
    expect(found([rule(1, tagged('v*', '*-rc')), rule(2, tagged('v*'))])).toEqual([]);
  });

  it('is compared only with rules of its storage class', () => {
    const archived = {
      storageClass: 'archive',
      ...olderThan(90, 'sinceImageTransitioned'),
    } as const;
    expect(
      found([
        rule(1, { ...tagged('v*'), ...olderThan(30) }, archive),
        rule(2, { ...tagged('v*'), ...archived }),
      ]),
    ).toEqual([]);
  });

  it('may exist to shield an image from a later rule', () => {
    expect(found([rule(1, shield('latest')), rule(2, {})])).toEqual([]);
    expect(found([rule(1, { ...tagged('latest'), countNumber: 1 }), rule(2, {})])).toEqual([]);
    expect(found([rule(1, shield('prod*')), rule(2, tagged('dev*'))])).toEqual([]);
    expect(found([rule(1, { tagStatus: 'untagged', countNumber: 9999 }), rule(2, {})])).toEqual([]);
  });

  it('is an error if it neither acts nor shields', () => {
    expect(found([rule(1, tagged('dev*')), rule(2, tagged('latest'))])).toEqual([
      'error redundant 2',
    ]);
    expect(found([rule(1, tagged('dev*')), rule(2, { countNumber: 9999 })])).toEqual([
      'error redundant 2',
    ]);
    expect(
      found([rule(1, shield('latest')), rule(2, { tagStatus: 'untagged', ...olderThan(7) })]),
    ).toEqual(['error redundant 1']);
    // What it would keep from rule 3, rule 2 keeps already.
    expect(
      found([rule(1, shield('lat*')), rule(2, shield('la*')), rule(3, tagged('la*'))]),
    ).toEqual(['error redundant 1', 'error unreachable 3']);
  });
});

describe('a moving tag', () => {
  const moving = (...movingTags: string[]) => ({ movingTags });

  it('is in danger of a rule that selects its image by any tag', () => {
    expect(found([rule(1, {})], moving('prod'))).toEqual(['error moving-tag 1']);
    expect(found([rule(1, tagged('prod*'))], moving('prod'))).toEqual(['error moving-tag 1']);
    expect(found([rule(1, tagged('v*'))], moving('prod'))).toEqual(['error moving-tag 1']);
    expect(found([rule(1, { ...tagged('prod'), ...olderThan(365) })], moving('prod'))).toEqual([
      'error moving-tag 1',
    ]);
  });

  it('is safe behind a shield, and from rules for untagged images', () => {
    expect(found([rule(1, shield('prod')), rule(2, {})], moving('prod'))).toEqual([]);
    expect(found([rule(1, shield('pr*')), rule(2, {})], moving('prod'))).toEqual([]);
    expect(found([rule(1, tagged('prod')), rule(2, {})], moving('prod'))).toEqual([]);
    expect(found([rule(1, { tagStatus: 'untagged' })], moving('prod'))).toEqual([]);
  });

  it('is not safe behind a rule that acts on its image, or one that wants another tag too', () => {
    expect(found([rule(1, tagged('prod*')), rule(2, {})], moving('prod'))).toEqual([
      'error moving-tag 1',
    ]);
    expect(found([rule(1, shield('prod', '*d')), rule(2, {})], moving('prod'))).toEqual([]);
    expect(found([rule(1, shield('prod*', '*-x')), rule(2, {})], moving('prod'))).toEqual([
      'error moving-tag 2',
    ]);
  });

  it('is latest, prod or staging by default', () => {
    const shields = ['latest', 'prod', 'staging'].map((tag, n) => rule(n + 1, shield(tag)));
    expect(checkLifecyclePolicy({ rules: [...shields, rule(9, {})] })).toEqual([]);
    expect(checkLifecyclePolicy({ rules: [...shields.slice(1), rule(9, {})] })).toEqual([
      expect.objectContaining({
        code: 'moving-tag',
        message: expect.stringMatching(
          /^Rule 9 could expire the image that latest points to\..*"tagPatternList":\["latest"\]/,
        ),
      }),
    ]);
  });

  it('that may be archived is a warning, and one that may expire from the archive an error', () => {
    const rules = [
      rule(1, olderThan(30), archive),
      rule(2, { storageClass: 'archive', ...olderThan(365, 'sinceImageTransitioned') }),
    ];
    expect(found(rules, moving('prod'))).toEqual(['warning moving-tag 1', 'error moving-tag 2']);
  });
});
