import { findingSeverities, type FindingSeverity, severitiesFrom } from '@typerush/image-registry';
import { type Finding } from './image-scans';

/** What a scan found, and what of it keeps the image from being deployed. */
export interface Judgement {
  /** How many findings of each severity there are, the worst first, none left out that has any. */
  readonly counts: readonly { readonly severity: string; readonly count: number }[];
  /** The findings from the threshold up, the worst first. */
  readonly blocking: readonly Finding[];
}

/** A severity that ECR has not rated (UNDEFINED, UNTRIAGED) is counted and blocks nothing. */
export function judgeScan(findings: readonly Finding[], threshold: FindingSeverity): Judgement {
  const rated: readonly string[] = findingSeverities;
  const unrated = [...new Set(findings.map(({ severity }) => severity))]
    .filter((severity) => !rated.includes(severity))
    .sort();
  const bySeverity = (severity: string) => findings.filter((each) => each.severity === severity);
  return {
    counts: [...rated, ...unrated]
      .map((severity) => ({ severity, count: bySeverity(severity).length }))
      .filter(({ count }) => count > 0),
    blocking: severitiesFrom(threshold).flatMap(bySeverity),
  };
}
