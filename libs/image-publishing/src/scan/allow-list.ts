import { type AllowedFinding } from '@typerush/image-registry';
import { type JudgedFinding } from './judge-scan';

const dayMs = 86_400_000;
const warnedDays = 14;

/** 0 on the last day on which the finding is allowed, below that when it has passed. Days are those of UTC. */
export function daysLeft({ expires }: AllowedFinding, now: number): number {
  return Math.round(Date.parse(expires) / dayMs) - Math.floor(now / dayMs);
}

/** `stale`: nothing found that it names. */
export type EntryState = 'expired' | 'stale' | 'expires-soon' | 'in-force';

export interface CheckedEntry extends AllowedFinding {
  readonly state: EntryState;
  readonly daysLeft: number;
}

/** What became of each entry of an allow list, in its order, over the findings of all platforms. */
export function checkAllowList(
  allow: readonly AllowedFinding[],
  findings: readonly JudgedFinding[],
  now: number,
): CheckedEntry[] {
  const matched = new Set(findings.map(({ entry }) => entry));
  return allow.map((entry) => {
    const left = daysLeft(entry, now);
    return { ...entry, state: stateOf(left, matched.has(entry)), daysLeft: left };
  });
}

function stateOf(left: number, matched: boolean): EntryState {
  if (!matched) return 'stale';
  if (left < 0) return 'expired';
  return left <= warnedDays ? 'expires-soon' : 'in-force';
}
