/** What was checked, and the result. */
export interface Check {
  /** Stable: `user`, `secrets`. */
  readonly id: string;
  /** What is true if the check passes. */
  readonly fact: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What is wrong if it failed; why it was skipped; otherwise what was measured, if anything. */
  readonly details: readonly string[];
  /** How to fix a failed check. */
  readonly remedy?: string;
}

export interface Rule<Subject> {
  readonly id: string;
  readonly fact: string;
  readonly remedy: string;
  readonly check: (subject: Subject) => Result | Promise<Result>;
}

/** The problems, none if the check passes; what was measured; or why the check is skipped. */
export type Result =
  readonly string[] | { readonly measured: string } | { readonly skipped: string };

export async function applyRules<Subject>(
  rules: readonly Rule<Subject>[],
  subject: Subject,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { id, fact, remedy, check } of rules) {
    const result = await check(subject);
    if ('skipped' in result) {
      checks.push({ id, fact, outcome: 'skipped', details: [result.skipped] });
    } else if ('measured' in result) {
      checks.push({ id, fact, outcome: 'passed', details: [result.measured] });
    } else if (result.length === 0) {
      checks.push({ id, fact, outcome: 'passed', details: [] });
    } else {
      checks.push({ id, fact, outcome: 'failed', details: result, remedy });
    }
  }
  return checks;
}
