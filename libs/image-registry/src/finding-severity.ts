/** As a scan of ECR names them, the worst first. */
export const findingSeverities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL'] as const;

export type FindingSeverity = (typeof findingSeverities)[number];

/** The severities from a threshold up. */
export function severitiesFrom(threshold: FindingSeverity): FindingSeverity[] {
  return findingSeverities.slice(0, findingSeverities.indexOf(threshold) + 1);
}
