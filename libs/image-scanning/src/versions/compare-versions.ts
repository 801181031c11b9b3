import semver from 'semver';
import { compareApkVersions } from './apk-version';
import { compareDpkgVersions } from './dpkg-version';

/** undefined if one of them is not a version of that kind. */
export type CompareVersions = (a: string, b: string) => number | undefined;

export function compareSemver(a: string, b: string): number | undefined {
  const [left, right] = [semver.parse(a, { loose: true }), semver.parse(b, { loose: true })];
  return left && right ? semver.compare(left, right) : undefined;
}

/** The order of the versions of an ecosystem of OSV; undefined if it is not supported. */
export function versionOrder(ecosystem: string): CompareVersions | undefined {
  if (ecosystem === 'npm') return compareSemver;
  if (/^Debian(:|$)/.test(ecosystem)) return compareDpkgVersions;
  if (/^Alpine(:|$)/.test(ecosystem)) return compareApkVersions;
  return undefined;
}
