import { type CompareVersions } from '../versions/compare-versions';
import { type Affected, type Range, type RangeEvent } from './osv';

/** `undecided`: the ranges of the advisory cannot be evaluated. */
export type AffectedVerdict =
  | { readonly status: 'affected'; readonly fixedIn?: string }
  | { readonly status: 'unaffected' }
  | { readonly status: 'undecided'; readonly reason: string };

/** Ranges of commits, which say nothing about versions of packages. */
const commits = 'GIT';
const versionRanges = ['SEMVER', 'ECOSYSTEM'];

class Incomparable extends Error {}

/** Whether a version is affected. https://ossf.github.io/osv-schema/#evaluation */
export function evaluateVersion(
  { ranges, versions }: Pick<Affected, 'ranges' | 'versions'>,
  version: string,
  compare: CompareVersions,
): AffectedVerdict {
  const order = (a: string, b: string): number => {
    const difference = compare(a, b);
    if (difference === undefined) throw new Incomparable(`${a} and ${b} cannot be compared`);
    return difference;
  };
  const isListed = versions.includes(version);
  const problems: string[] = [];
  for (const range of ranges) {
    if (range.type === commits) continue;
    if (!versionRanges.includes(range.type)) {
      problems.push(`unknown range type "${range.type}"`);
      continue;
    }
    try {
      if (!isBeforeLimits(range, version, order)) continue;
      const found = evaluateRange(range, version, order);
      if (found) return { status: 'affected', ...found };
    } catch (error) {
      if (!(error instanceof Incomparable)) throw error;
      problems.push(error.message);
    }
  }
  if (isListed) return { status: 'affected' };
  const [reason] = problems;
  return reason === undefined ? { status: 'unaffected' } : { status: 'undecided', reason };
}

type Order = (a: string, b: string) => number;

/** Without limits every version is before them. */
function isBeforeLimits({ events }: Range, version: string, order: Order): boolean {
  const limits = events.flatMap(({ limit }) => limit ?? []);
  return limits.length === 0 || limits.some((limit) => limit === '*' || order(version, limit) < 0);
}

const versionOf = ({ introduced, fixed, last_affected }: RangeEvent) =>
  introduced ?? fixed ?? last_affected;

/** `0` is before all versions, in every ecosystem. */
const first = '0';

function evaluateRange(
  range: Range,
  version: string,
  order: Order,
): { readonly fixedIn?: string } | undefined {
  const compare = (a: string, b: string) =>
    a === b ? 0 : a === first ? -1 : b === first ? 1 : order(a, b);
  const events = range.events
    .filter((event) => versionOf(event) !== undefined)
    .sort((a, b) => compare(versionOf(a) ?? first, versionOf(b) ?? first));
  let isAffected = false;
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined && compare(version, introduced) >= 0) isAffected = true;
    else if (fixed !== undefined && compare(version, fixed) >= 0) isAffected = false;
    else if (last !== undefined && compare(version, last) > 0) isAffected = false;
  }
  if (!isAffected) return undefined;
  const fixedIn = events.find(({ fixed }) => fixed !== undefined && compare(fixed, version) > 0);
  return fixedIn?.fixed === undefined ? {} : { fixedIn: fixedIn.fixed };
}
