import fc from 'fast-check';
import { matchesWildcard } from './wildcard';

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 });

describe('a wildcard pattern', () => {
  it('matches the whole text, and only itself if it has no wildcard', () => {
    expect(matchesWildcard('prod', 'prod')).toBe(true);
    expect(matchesWildcard('prod', 'prod-1')).toBe(false);
    expect(matchesWildcard('prod*', 'prod')).toBe(true);
    expect(matchesWildcard('a*a', 'a')).toBe(false);
    expect(matchesWildcard('*-rc*', 'v1.0.0-rc.1')).toBe(true);
  });

  it('matches what the same regular expression does', () => {
    fc.assert(
      fc.property(pattern, text, (wildcard, candidate) => {
        const source = wildcard.replace(/\./g, '\\.').replace(/\*/g, '.*');
        expect(matchesWildcard(wildcard, candidate)).toBe(
          new RegExp(`^${source}$`).test(candidate),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
