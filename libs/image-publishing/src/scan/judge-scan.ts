import {
  type AllowedFinding,
  findingSeverities,
  type FindingSeverity,
  severitiesFrom,
} from '@typerush/image-registry';
import { daysLeft } from './allow-list';
import { type Finding } from './image-scans';

/** What decides about a finding. */
export interface ScanRules {
  readonly threshold: FindingSeverity;
  readonly allow: readonly AllowedFinding[];
  /** In ms since 1970. */
  readonly now: number;
}

/** `below`: less than the threshold, or not rated. `suppressed`: by a rule of Amazon Inspector. */
export type Verdict = 'blocks' | 'allowed' | 'suppressed' | 'below';

export interface JudgedFinding extends Finding {
  readonly verdict: Verdict;
  /** The entry of the allow list that names it, expired or not. */
  readonly entry?: AllowedFinding;
}

/** What a scan found, and what of it keeps the image from being deployed. */
export interface Judgement {
  /** How many findings of each severity there are, the worst first, none left out that has any. */
  readonly counts: readonly { readonly severity: string; readonly count: number }[];
  /** The worst first, then by id and package, each once. */
  readonly findings: readonly JudgedFinding[];
}

/** A severity that ECR has not rated (UNDEFINED, UNTRIAGED) is counted and blocks nothing. */
export function judgeScan(findings: readonly Finding[], rules: ScanRules): Judgement {
  const sorted = [...onlyOnce(findings)].sort(worstFirst);
  const severities = [...new Set(sorted.map(({ severity }) => severity))];
  return {
    counts: severities.map((severity) => ({
      severity,
      count: sorted.filter((each) => each.severity === severity).length,
    })),
    findings: sorted.map((finding) => judge(finding, rules)),
  };
}

function judge(finding: Finding, { threshold, allow, now }: ScanRules): JudgedFinding {
  const blocking: readonly string[] = severitiesFrom(threshold);
  const entry = entryOf(finding, allow);
  const judged = { ...finding, ...(entry ? { entry } : {}) };
  if (!blocking.includes(finding.severity)) return { ...judged, verdict: 'below' };
  if (finding.suppressed) return { ...judged, verdict: 'suppressed' };
  const allowed = entry !== undefined && daysLeft(entry, now) >= 0;
  return { ...judged, verdict: allowed ? 'allowed' : 'blocks' };
}

/** An entry that names the package goes before one for any. */
function entryOf({ id, package: name }: Finding, allow: readonly AllowedFinding[]) {
  const entries = allow.filter((entry) => entry.id === id);
  return (
    entries.find((entry) => entry.package !== undefined && entry.package === name) ??
    entries.find((entry) => entry.package === undefined)
  );
}

const keyOf = ({ id, package: name = '', version = '' }: Finding) => `${id} ${name} ${version}`;

/** Inspector tells a package once for each file that holds it. */
function onlyOnce(findings: readonly Finding[]): Iterable<Finding> {
  return new Map(findings.map((finding) => [keyOf(finding), finding])).values();
}

function worstFirst(a: Finding, b: Finding): number {
  return rank(a) - rank(b) || compare(a.severity, b.severity) || compare(keyOf(a), keyOf(b));
}

function rank({ severity }: Finding): number {
  const known = (findingSeverities as readonly string[]).indexOf(severity);
  return known < 0 ? findingSeverities.length : known;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
