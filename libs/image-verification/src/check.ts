/** One thing that is looked at, and what came of it. */
export interface Check {
  /** Stable: `user`, `secrets`. */
  readonly id: string;
  /** What holds where it passes, in words. */
  readonly fact: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What was found where it failed; why, where it was skipped; what was seen, where there is something to tell. */
  readonly details: readonly string[];
  /** What to do, where it failed. */
  readonly remedy?: string;
}

type Fact = Pick<Check, 'id' | 'fact'>;

export const passed = ({ id, fact }: Fact, ...details: string[]): Check => ({
  id,
  fact,
  outcome: 'passed',
  details,
});

export const failed = (
  { id, fact, remedy }: Fact & { readonly remedy: string },
  ...details: string[]
): Check => ({ id, fact, outcome: 'failed', details, remedy });

export const skipped = ({ id, fact }: Fact, why: string): Check => ({
  id,
  fact,
  outcome: 'skipped',
  details: [why],
});
