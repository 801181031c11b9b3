import fc from 'fast-check';
import { iamPattern, matchesIamPattern } from './iam-pattern';

const matches = (pattern: string, text: string) => matchesIamPattern(iamPattern(pattern), text);

describe('a pattern of IAM', () => {
  it.each([
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['?', 'é', true],
    ['?', '😀', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
    ['ecr:Get*', 'ecr:GetAuthorizationToken', true],
    ['a.c', 'abc', false],
  ])('%j and %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (given, subject) => {
        const expression = new RegExp(`^${given.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matches(given, subject)).toBe(expression.test(subject));
      }),
    );
  });

  it('does not backtrack exponentially', () => {
    const started = performance.now();
    expect(matches(`${'a*'.repeat(1000)}b`, 'a'.repeat(2000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
