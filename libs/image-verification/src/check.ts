import { type ImageToVerify } from './image-to-verify';

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

type Fact = Pick<Check, 'id' | 'fact'>;
export type FactWithRemedy = Required<Pick<Check, 'id' | 'fact' | 'remedy'>>;

/** A check of an image that is not running. */
export interface Rule extends FactWithRemedy {
  /** The problems of the image, one per line, or why they are unknown. */
  readonly problems: (image: ImageToVerify) => Problems | Promise<Problems>;
}

type Problems = readonly string[] | { readonly skipped: string };

const check = (
  { id, fact }: Fact,
  outcome: Check['outcome'],
  details: readonly string[],
  remedy?: string,
): Check => ({ id, fact, outcome, details, remedy });

export const passed = (fact: Fact, ...details: string[]) => check(fact, 'passed', details);

export const skipped = (fact: Fact, reason: string) => check(fact, 'skipped', [reason]);

export const failed = (fact: FactWithRemedy, ...details: string[]) =>
  check(fact, 'failed', details, fact.remedy);
