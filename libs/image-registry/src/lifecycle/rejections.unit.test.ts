import { archive, olderThan, requestedPolicy, rule, tagged } from '../../test/lifecycle-documents';
import { type LifecycleIssue, type LifecycleRule, parseLifecyclePolicy } from '../index';

function rejections(policy: unknown): readonly LifecycleIssue[] {
  const parsed = parseLifecyclePolicy(policy);
  return 'rejections' in parsed ? parsed.rejections : [];
}

function codes(...rules: unknown[]): string[] {
  return rejections({ rules }).map(({ severity, code }) => `${severity} ${code}`);
}

function selecting(
  selection: Partial<LifecycleRule['selection']>,
  action?: LifecycleRule['action'],
) {
  return codes(rule(1, selection, action));
}

describe('a lifecycle policy is accepted', () => {
  it('with an `any` rule for each storage class', () => {
    expect(
      codes(
        rule(1, olderThan(30), archive),
        rule(2, { storageClass: 'archive', ...olderThan(365, 'sinceImageTransitioned') }),
      ),
    ).toEqual([]);
  });

  it('with rules in any order of the list, and gaps between priorities', () => {
    expect(codes(rule(900, {}), rule(5, tagged('v*')), rule(7, tagged('*-rc*')))).toEqual([]);
  });

  it('as the text that ECR gets', () => {
    const policy = { rules: [rule(1, {})] };
    expect(parseLifecyclePolicy(JSON.stringify(policy))).toEqual({ policy });
  });

  it('with an ineffective rule', () => {
    expect(rejections(requestedPolicy)).toEqual([]);
  });
});

describe('a lifecycle policy is rejected', () => {
  it.each<[string, string[], string]>([
    ['sinceImagePulled with expire', selecting(olderThan(30, 'sinceImagePulled')), 'count-type'],
    [
      'sinceImageTransitioned under 90 days',
      selecting({ storageClass: 'archive', ...olderThan(89, 'sinceImageTransitioned') }),
      'count-type',
    ],
    [
      'sinceImageTransitioned without archive',
      selecting(olderThan(90, 'sinceImageTransitioned')),
      'count-type',
    ],
    ['archive with a count', selecting({ storageClass: 'archive' }), 'count-type'],
    ['both lists', selecting({ ...tagged('v*'), tagPrefixList: ['v'] }), 'tag-lists'],
    ['tagged without a list', selecting({ tagStatus: 'tagged' }), 'tag-lists'],
    ['any with a list', selecting({ tagPatternList: ['v*'] }), 'tag-lists'],
    ['five wildcards', selecting(tagged('*a*b*c*d*')), 'wildcards'],
    ['a count with a unit', selecting({ countUnit: 'days' }), 'count-unit'],
    ['an age without a unit', selecting({ countType: 'sinceImagePushed' }), 'count-unit'],
  ])('for %s', (_, found, code) => {
    expect(found).toEqual([`error ${code}`]);
  });

  it('for what two rules may not share', () => {
    const untagged = { tagStatus: 'untagged' } as const;
    expect(codes(rule(1, untagged), rule(2, untagged))).toEqual(['error untagged-twice']);
    expect(codes(rule(1, tagged('v*')), rule(1, tagged('dev*')))).toEqual([
      'error duplicate-priority',
    ]);
    expect(codes(rule(1, {}), rule(2, tagged('v*')))).toEqual(['error any-not-last']);
    expect(codes(rule(1, {}), rule(2, {}))).toEqual(['error any-not-last']);
    const prefixes = (...tagPrefixList: string[]) =>
      ({ tagStatus: 'tagged', tagPrefixList }) as const;
    expect(codes(rule(1, prefixes('a', 'b')), rule(2, prefixes('b', 'a')))).toEqual([
      'error duplicate-selection',
    ]);
  });

  it('for a shape that is not ECR’s, with the place and the rule', () => {
    const noStatus = { ...rule(3, {}).selection, tagStatus: undefined };
    expect(rejections({ rules: [rule(1, {}), { ...rule(3, {}), selection: noStatus }] })).toEqual([
      {
        severity: 'error',
        code: 'shape',
        rulePriority: 3,
        message: 'rules[1].selection.tagStatus: must be one of tagged, untagged, any',
      },
    ]);
    expect(selecting({ countNumber: 0 })).toEqual(['error shape']);
    expect(codes({ ...rule(1, {}), action: { type: 'delete' } })).toEqual(['error shape']);
    expect(codes({ ...rule(1, {}), action: { type: 'transition' } })).toEqual(['error shape']);
    expect(codes({ ...rule(1, {}), priority: 1 })).toEqual(['error shape']);
    expect(rejections(null).length).toBeGreaterThan(0);
    expect(rejections(undefined).length).toBeGreaterThan(0);
  });

  it('for 51 rules, for a text under 100 characters, and for one over 30,720', () => {
    const rules = Array.from({ length: 51 }, (_, n) => rule(n + 1, tagged(`v${n}.*`)));
    expect(codes(...rules)).toEqual(['error shape']);
    expect(codes(...rules.slice(1))).toEqual([]);
    const bare = { ...rule(1, {}), description: undefined };
    expect(codes(bare)).toEqual([]);
    expect(codes({ ...bare, selection: { tagStatus: 'any' } })).toContain('error text-length');
    expect(codes({ ...bare, description: 'x'.repeat(31_000) })).toEqual(['error text-length']);
  });

  it('for a text that is not JSON', () => {
    expect(rejections('{')).toEqual([
      { severity: 'error', code: 'not-json', message: expect.stringContaining('not JSON') },
    ]);
  });
});
