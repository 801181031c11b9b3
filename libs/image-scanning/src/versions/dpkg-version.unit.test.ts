import fc from 'fast-check';
import { debianVersion } from '../../test/debian-version';
import { compareDpkgVersions } from './dpkg-version';

describe('compareDpkgVersions', () => {
  it('sorts the example of the Debian policy: ~~, ~~a, ~, nothing, a', () => {
    const sorted = ['1~~', '1~~a', '1~', '1', '1a'];
    expect([...sorted].reverse().sort(compareDpkgVersions)).toEqual(sorted);
  });

  it.each([
    ['1.2.3-1', '1.2.3-1', 0],
    ['0:1.2', '1.2', 0],
    ['1.2-0', '1.2', 0],
    ['1.02', '1.2', 0],
    ['2:1.0', '1:9.0', 1],
    ['1.10', '1.9', 1],
    ['1.0-1+deb12u1', '1.0-1', 1],
    ['1.0~rc1-1', '1.0-1', -1],
    ['1.0-1~bpo12+1', '1.0-1', -1],
    [`1.${'9'.repeat(40)}`, `1.1${'0'.repeat(40)}`, -1],
  ])('compares %s with %s', (a, b, expected) => {
    expect(Math.sign(compareDpkgVersions(a, b))).toBe(expected);
    expect(Math.sign(compareDpkgVersions(b, a))).toBe(0 - expected);
  });

  it('is a total order', () => {
    fc.assert(
      fc.property(debianVersion, debianVersion, debianVersion, (a, b, c) => {
        const [ab, bc, ac] = [
          compareDpkgVersions(a, b),
          compareDpkgVersions(b, c),
          compareDpkgVersions(a, c),
        ];
        expect(Math.sign(compareDpkgVersions(b, a)) + Math.sign(ab)).toBe(0);
        if (ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
