import {
  archive,
  daysAgo,
  image,
  now,
  olderThan,
  requestedPolicy,
  rule,
  tagged,
} from '../../test/lifecycle-documents';
import { evaluateLifecyclePolicy, type LifecycleRule, type StoredImage } from '../index';

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

  it('keeps an image that an existing manifest list refers to until a run after the list is deleted', () => {
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

  it('counts sinceImagePulled from the last pull, or from the push of an image never pulled', () => {
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

  it('lets signatures and SBOMs follow their image even if a rule selects them', () => {
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

  it('keeps a signature that an existing list refers to although its image expires', () => {
    const images = [
      image(['v2'], 1, { children: ['signature'] }),
      image(['v1'], 20),
      image([], 20, { digest: 'signature', subject: 'v1' }),
    ];
    expect(acted([rule(1, { ...tagged('v*'), countNumber: 1 })], images)).toEqual(['v1']);
  });

  it('treats a `*` in a prefix as a character, which no tag contains', () => {
    const selection = { tagStatus: 'tagged' as const, tagPrefixList: ['v*'] };
    expect(acted([rule(1, selection)], [image(['v1'], 2), image(['v2'], 1)])).toEqual([]);
  });

  it('reports why it acts on an image', () => {
    const rules = [
      rule(1, { ...tagged('v*'), countNumber: 1 }),
      rule(2, { tagStatus: 'untagged', ...olderThan(7) }),
    ];
    const images = [
      image(['v3'], 10),
      image(['v2'], 20),
      image(['v1'], 30),
      image([], 20, { digest: 'sbom-v1', subject: 'v1' }),
      image([], 20, { digest: 'orphan' }),
    ];
    const reasons = evaluateLifecyclePolicy({ rules }, images, now).map(
      ({ image: { digest }, reason }) => [digest, reason],
    );
    expect(Object.fromEntries(reasons)).toEqual({
      v2: { place: 2, kept: 1 },
      v1: { place: 3, kept: 1 },
      orphan: { since: daysAgo(20), days: 7 },
      'sbom-v1': { follows: 'v1' },
    });
  });

  it('with the requested list of four prefixes expires no tagged image', () => {
    const images = Array.from({ length: 300 }, (_, n) => image([`dev-${n}`, `prod-${n}`], n));
    expect(evaluateLifecyclePolicy(requestedPolicy, images, now)).toEqual([]);
  });
});
