import { compareSemver, versionOrder } from './compare-versions';

describe('compareSemver', () => {
  it('sorts the example of the specification', () => {
    // https://semver.org/#spec-item-11
    const sorted = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ];
    const order = (a: string, b: string) => compareSemver(a, b) ?? NaN;
    expect([...sorted].reverse().sort(order)).toEqual(sorted);
  });

  it('ignores build metadata', () => {
    expect(compareSemver('1.0.0+a', '1.0.0+b')).toBe(0);
  });

  it('does not compare what is not a version', () => {
    expect(compareSemver('latest', '1.0.0')).toBeUndefined();
  });
});

describe('versionOrder', () => {
  it.each(['npm', 'Debian:12', 'Alpine:v3.20'])('has an order for %s', (ecosystem) => {
    expect(versionOrder(ecosystem)?.('1.0.0', '1.0.1')).toBeLessThan(0);
  });

  it.each(['PyPI', 'Debianish', 'Ubuntu:24.04'])('has none for %s', (ecosystem) => {
    expect(versionOrder(ecosystem)).toBeUndefined();
  });
});
