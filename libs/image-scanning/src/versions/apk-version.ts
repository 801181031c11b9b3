import { compareNumbers } from './dpkg-version';

/**
 * A version such as `1.2.3b_rc1~4f2c-r5`. https://man.archlinux.org/man/apk-package.5.en#version
 */
const form =
  /^(\d+(?:\.\d+)*)([a-z])?((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)(?:~([0-9a-f]+))?(?:-r(\d+))?$/;

/** In their order; a version without a suffix is between `rc` and `cvs`. */
const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const noSuffix = suffixes.indexOf('');

interface Suffix {
  readonly order: number;
  readonly number: string;
}

interface ApkVersion {
  readonly numbers: readonly string[];
  readonly letter: string;
  readonly suffixes: readonly Suffix[];
  readonly hash: string;
  readonly build: string;
}

/** The longest version that is read: the pattern above takes time that grows with the length. */
const maximumLength = 256;

function parse(version: string): ApkVersion | undefined {
  if (version.length > maximumLength) return undefined;
  const [matched, numbers = '', letter = '', rest = '', hash = '', build = ''] =
    form.exec(version) ?? [];
  if (matched === undefined) return undefined;
  return {
    numbers: numbers.split('.'),
    letter,
    suffixes: [...rest.matchAll(/_([a-z]+)(\d*)/g)].map(([, name = '', number = '']) => ({
      order: suffixes.indexOf(name),
      number,
    })),
    hash,
    build,
  };
}

export const isApkVersion = (version: string): boolean => parse(version) !== undefined;

/**
 * Compares versions as apk does.
 *
 * @returns less than, equal to or more than 0; undefined if one of them is not a version
 */
export function compareApkVersions(a: string, b: string): number | undefined {
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return undefined;
  return (
    compareLists(left.numbers, right.numbers, compareComponents) ||
    compareTexts(left.letter, right.letter) ||
    compareSuffixes(left.suffixes, right.suffixes) ||
    compareTexts(left.hash, right.hash) ||
    compareNumbers(left.build, right.build)
  );
}

/** A missing component is before any other. */
function compareLists(
  a: readonly string[],
  b: readonly string[],
  compare: (a: string, b: string, at: number) => number,
): number {
  for (const [at, left] of a.entries()) {
    const right = b[at];
    if (right === undefined) return 1;
    const difference = compare(left, right, at);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** After the first, a number that starts with 0 is a fraction: 1.001 is before 1.01. */
const compareComponents = (a: string, b: string, at: number) =>
  at > 0 && (a.startsWith('0') || b.startsWith('0')) ? compareTexts(a, b) : compareNumbers(a, b);

function compareSuffixes(a: readonly Suffix[], b: readonly Suffix[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [left, right] = [a[at], b[at]];
    const order = (left?.order ?? noSuffix) - (right?.order ?? noSuffix);
    const difference = order || compareNumbers(left?.number ?? '', right?.number ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
