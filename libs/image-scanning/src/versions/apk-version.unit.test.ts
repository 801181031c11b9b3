import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareApkVersions, isApkVersion } from './apk-version';

const fixture = join(__dirname, '../../test/fixtures/apk-versions.txt');
const lines = readFileSync(fixture, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const comparisons = lines.map((line) => line.split(' ')).filter(({ length }) => length === 3);
const single = lines.filter((line) => !line.includes(' '));

/** apk compares these as text, since they are not versions. */
const invalid = ['23_foo', '1.0bc'];

describe('compareApkVersions', () => {
  it('agrees with every published comparison of apk-tools', () => {
    expect(comparisons.length).toBeGreaterThan(650);
    const disagreeing = comparisons.filter(([a = '', operator, b = '']) => {
      if (invalid.includes(a) || invalid.includes(b)) return compareApkVersions(a, b) !== undefined;
      const difference = compareApkVersions(a, b) ?? NaN;
      return operator !== (difference < 0 ? '<' : difference > 0 ? '>' : '=');
    });
    expect(disagreeing).toEqual([]);
  });

  it('is antisymmetric', () => {
    const asymmetric = comparisons.filter(
      ([a = '', , b = '']) =>
        Math.sign(compareApkVersions(a, b) ?? 0) + Math.sign(compareApkVersions(b, a) ?? 0) !== 0,
    );
    expect(asymmetric).toEqual([]);
  });
});

describe('isApkVersion', () => {
  it('agrees with every published validity of apk-tools', () => {
    expect(single.length).toBeGreaterThan(30);
    const disagreeing = single.filter((line) =>
      line.startsWith('!') ? isApkVersion(line.slice(1)) : !isApkVersion(line),
    );
    expect(disagreeing).toEqual([]);
  });

  it('rejects a text that is too long to be a version', () => {
    expect(isApkVersion('1'.repeat(256))).toBe(true);
    expect(isApkVersion('1'.repeat(257))).toBe(false);
  });
});
