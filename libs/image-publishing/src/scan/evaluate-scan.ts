import {
  type AllowedFinding,
  findingSeverities,
  type FindingSeverity,
  severitiesFrom,
} from '@typerush/image-registry';

/** One vulnerability in one package of an image. */
export interface Finding {
  /** `CVE-2026-0001` */
  readonly id: string;
  /** Its other names, such as that of the advisory: `GHSA-...` */
  readonly aliases?: readonly string[];
  /** One of ECR: besides those of `findingSeverities` also UNDEFINED and UNTRIAGED. */
  readonly severity: string;
  /** The affected package, and its version in the image, if the scan reports them. */
  readonly package?: string;
  readonly version?: string;
  /** The first version without it, if there is one and the scan reports it: basic scans do not. */
  readonly fixedIn?: string;
  /** The address of its description. */
  readonly link?: string;
  /** A suppression rule of Amazon Inspector matches it. */
  readonly suppressed?: boolean;
  /** Why it cannot be decided whether it affects the package. Such a finding blocks unless it is allowed. */
  readonly undecided?: string;
}

export interface ScanRules {
  readonly threshold: FindingSeverity;
  readonly allow: readonly AllowedFinding[];
  /** In ms since 1970. */
  readonly now: number;
}

/** `below`: less than the threshold, or not rated. `suppressed`: by a rule of Amazon Inspector. */
export type Verdict = 'blocks' | 'allowed' | 'suppressed' | 'below';

export interface EvaluatedFinding extends Finding {
  readonly verdict: Verdict;
  /** The entry of the allow list that matches it, expired or not. */
  readonly entry?: AllowedFinding;
}

export interface ScanEvaluation {
  /** The number of findings of each severity that has any, the highest severity first. */
  readonly counts: readonly { readonly severity: string; readonly count: number }[];
  /** The highest severity first, then by id and package, each once. */
  readonly findings: readonly EvaluatedFinding[];
}

/** Decides for each finding whether it blocks. A severity that ECR has not rated is counted and blocks nothing. */
export function evaluateScan(findings: readonly Finding[], rules: ScanRules): ScanEvaluation {
  const sorted = withoutDuplicates(findings).sort(bySeverity);
  return {
    counts: countBySeverity(sorted),
    findings: sorted.map((finding) => evaluateFinding(finding, rules)),
  };
}

/** In the order in which the severities occur. */
export function countBySeverity(findings: readonly Finding[]): ScanEvaluation['counts'] {
  const severities = [...new Set(findings.map(({ severity }) => severity))];
  return severities.map((severity) => ({
    severity,
    count: findings.filter((each) => each.severity === severity).length,
  }));
}

function evaluateFinding(finding: Finding, { threshold, allow, now }: ScanRules): EvaluatedFinding {
  const blocking: readonly string[] = severitiesFrom(threshold);
  const entry = entryOf(finding, allow);
  const evaluated = { ...finding, ...(entry ? { entry } : {}) };
  if (!blocking.includes(finding.severity) && finding.undecided === undefined)
    return { ...evaluated, verdict: 'below' };
  if (finding.suppressed) return { ...evaluated, verdict: 'suppressed' };
  const allowed = entry !== undefined && daysLeft(entry, now) >= 0;
  return { ...evaluated, verdict: allowed ? 'allowed' : 'blocks' };
}

/** An entry for the package has precedence over one for all packages. */
function entryOf({ id, aliases = [], package: name }: Finding, allow: readonly AllowedFinding[]) {
  const entries = allow.filter((entry) => entry.id === id || aliases.includes(entry.id));
  return (
    entries.find((entry) => entry.package !== undefined && entry.package === name) ??
    entries.find((entry) => entry.package === undefined)
  );
}

const keyOf = ({ id, package: name = '', version = '' }: Finding) => `${id} ${name} ${version}`;

/** Inspector reports a package once for each file that contains it. */
const withoutDuplicates = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [keyOf(finding), finding])).values(),
];

function bySeverity(a: Finding, b: Finding): number {
  return rank(a) - rank(b) || compare(a.severity, b.severity) || compare(keyOf(a), keyOf(b));
}

function rank({ severity }: Finding): number {
  const known = (findingSeverities as readonly string[]).indexOf(severity);
  return known < 0 ? findingSeverities.length : known;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const dayMs = 86_400_000;
const warnedDays = 14;

/** 0 on the last day on which the finding is allowed, negative after it. Days are those of UTC. */
export function daysLeft({ expires }: AllowedFinding, now: number): number {
  return Math.round(Date.parse(expires) / dayMs) - Math.floor(now / dayMs);
}

export interface CheckedEntry extends AllowedFinding {
  /** `stale`: it matches no finding. */
  readonly state: 'expired' | 'stale' | 'expires-soon' | 'in-force';
  readonly daysLeft: number;
}

/** The state of each entry of an allow list, in its order. @param findings Of all platforms. */
export function checkAllowList(
  allow: readonly AllowedFinding[],
  findings: readonly EvaluatedFinding[],
  now: number,
): CheckedEntry[] {
  const matched = new Set(findings.map(({ entry }) => entry));
  return allow.map((entry) => {
    const left = daysLeft(entry, now);
    return { ...entry, state: stateOf(left, matched.has(entry)), daysLeft: left };
  });
}

function stateOf(left: number, matched: boolean): CheckedEntry['state'] {
  if (!matched) return 'stale';
  if (left < 0) return 'expired';
  return left <= warnedDays ? 'expires-soon' : 'in-force';
}
