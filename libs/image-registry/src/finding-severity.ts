/** As a scan of ECR names them, the worst first. */
export const findingSeverities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL'] as const;

export type FindingSeverity = (typeof findingSeverities)[number];

/** The severities of a threshold or higher. */
export function severitiesFrom(threshold: FindingSeverity): FindingSeverity[] {
  return findingSeverities.slice(0, findingSeverities.indexOf(threshold) + 1);
}
