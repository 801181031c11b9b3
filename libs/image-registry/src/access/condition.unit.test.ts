import fc from 'fast-check';
import { conditionHolds, readCondition } from './condition';
import { comparators } from './condition-operators';

function holds(
  operator: string,
  wanted: string | string[],
  given: string[] | undefined,
  key = 'aws:username',
) {
  const condition = readCondition(operator, key, [wanted].flat());
  if ('problem' in condition) throw new Error(`${condition.path.join('.')} ${condition.problem}`);
  const context = new Map(given ? [[key.toLowerCase(), given] as const] : []);
  return conditionHolds(condition, context, true);
}

const problem = (operator: string, key: string, value: string) => {
  const read = readCondition(operator, key, [value]);
  return 'problem' in read ? `${read.path.join('.')}: ${read.problem}` : undefined;
};

describe('a condition', () => {
  it.each<[string, string | string[], string, boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', ['b', 'a'], 'a', true],
    ['StringNotEquals', ['b', 'a'], 'a', false],
    ['StringNotEquals', ['b', 'a'], 'c', true],
    ['StringEqualsIgnoreCase', 'a', 'A', true],
    ['StringNotEqualsIgnoreCase', 'a', 'A', false],
    ['StringLike', 'a*c?', 'abbbcd', true],
    ['StringLike', 'a*c?', 'abbbc', false],
    ['StringLike', '${*}', '*', true],
    ['StringLike', '${*}', 'a', false],
    ['StringEquals', '${*}', '*', true],
    ['StringNotLike', 'a*', 'b', true],
    ['NumericEquals', '10', '10.0', true],
    ['NumericNotEquals', '10', '11', true],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '9', false],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['NumericEquals', '10', 'ten', false],
    ['DateLessThan', '2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', true],
    ['DateGreaterThan', '1767225600', '2026-01-01T00:00:01Z', true],
    ['DateEquals', '2026-01-01', '2026-01-01T00:00:00Z', true],
    ['Bool', 'true', 'true', true],
    ['Bool', 'false', 'true', false],
    ['IpAddress', '203.0.113.0/24', '203.0.113.9', true],
    ['IpAddress', '203.0.113.0/24', '203.0.114.9', false],
    ['IpAddress', '203.0.113.9', '203.0.113.9', true],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678::1', true],
    ['IpAddress', '2001:DB8:1234:5678::/64', '203.0.113.9', false],
    ['NotIpAddress', '203.0.113.0/24', '203.0.113.9', false],
    ['ArnLike', 'arn:aws:iam::*:role/push-*', 'arn:aws:iam::123456789012:role/push-eu', true],
    ['ArnEquals', 'arn:aws:iam::*:role/push-*', 'arn:aws:iam::123456789012:role/push-eu', true],
    ['ArnLike', 'arn:*:role/push', 'arn:aws:iam::123456789012:role/push', false],
    ['ArnNotLike', 'arn:aws:iam::*:role/push-*', 'arn:aws:iam::123456789012:role/pull', true],
  ])('%s %j of %j is %s', (operator, wanted, given, expected) => {
    expect(holds(operator, wanted, [given])).toBe(expected);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
  it.each<[string, boolean]>([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['Bool', false],
  ])('%s of a key that the request does not have is %s', (operator, expected) => {
    const wanted = operator === 'Bool' ? 'true' : 'a';
    expect(holds(operator, wanted, undefined)).toBe(expected);
  });

  it.each<[string, string[], boolean]>([
    ['ForAllValues:StringEquals', ['a'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'c'], false],
    ['ForAnyValue:StringEquals', ['a', 'c'], true],
    ['ForAnyValue:StringEquals', ['c'], false],
    ['ForAllValues:StringNotEquals', ['c', 'd'], true],
    ['ForAllValues:StringNotEquals', ['c', 'a'], false],
    ['ForAnyValue:StringNotEquals', ['a', 'c'], true],
  ])('%s a or b of the values %j is %s', (operator, given, expected) => {
    expect(holds(operator, ['a', 'b'], given, 'aws:TagKeys')).toBe(expected);
  });

  it('Null holds by whether the request has the key', () => {
    expect(holds('Null', 'true', undefined)).toBe(true);
    expect(holds('Null', 'true', ['a'])).toBe(false);
    expect(holds('Null', 'false', ['a'])).toBe(true);
  });

  it('rejects operators, keys and values that are not evaluated, with their place', () => {
    expect(problem('StringMatches', 'aws:username', 'a')).toMatch(
      /^StringMatches: is not an operator/,
    );
    expect(problem('BinaryEquals', 'aws:username', 'YQ==')).toMatch(/^BinaryEquals: is not/);
    expect(problem('StringEquals', 'aws:UserNam', 'a')).toMatch(
      /^StringEquals\.aws:UserNam: is not a/,
    );
    expect(problem('StringEquals', 'ecr:RepositoryName', 'a')).toMatch('is not a condition key');
    expect(problem('StringEquals', 'aws:username', '${aws:nam}')).toMatch(
      'aws:username.0: ${aws:nam}',
    );
    expect(problem('IpAddress', 'aws:SourceIp', '10.0.0.0/33')).toMatch('expected an address');
    expect(problem('NumericLessThan', 'aws:EpochTime', 'soon')).toMatch('expected a number');
    expect(problem('Bool', 'aws:SecureTransport', 'yes')).toMatch('expected true or false');
  });

  it('accepts keys of other services and of identity providers, which no request here has', () => {
    const key = 'token.actions.githubusercontent.com:sub';
    expect(problem('StringLike', key, 'repo:*')).toBeUndefined();
    expect(holds('StringLike', '*', undefined, key)).toBe(false);
  });

  it('is of one of the operators that IAM documents, apart from BinaryEquals', () => {
    const variants = [
      ...['Equals', 'NotEquals', 'EqualsIgnoreCase', 'NotEqualsIgnoreCase', 'Like', 'NotLike'].map(
        (name) => `String${name}`,
      ),
      ...[
        'Equals',
        'NotEquals',
        'LessThan',
        'LessThanEquals',
        'GreaterThan',
        'GreaterThanEquals',
      ].flatMap((name) => [`Numeric${name}`, `Date${name}`]),
      ...[
        'Bool',
        'IpAddress',
        'NotIpAddress',
        'ArnEquals',
        'ArnLike',
        'ArnNotEquals',
        'ArnNotLike',
      ],
    ];
    expect([...comparators.keys()].sort()).toEqual(variants.sort());
  });

  it('of a negated operator is the opposite of the other one for a single value', () => {
    const pairs = [...comparators.keys()].filter((name) => name.includes('Not'));
    expect(pairs).toHaveLength(8);
    const values = fc.constantFrom(
      'a',
      'A',
      '*',
      '10',
      '2026-01-01',
      '10.0.0.1',
      'arn:aws:iam::1:role/a',
    );
    fc.assert(
      fc.property(fc.constantFrom(...pairs), values, values, (operator, wanted, given) => {
        fc.pre(problem(operator, 'aws:username', wanted) === undefined);
        expect(holds(operator, wanted, [given])).toBe(
          !holds(operator.replace('Not', ''), wanted, [given]),
        );
      }),
    );
  });
});
