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

export const passed = ({ id, fact }: Fact, ...details: string[]): Check => ({
  id,
  fact,
  outcome: 'passed',
  details,
});

export const failed = ({ id, fact, remedy }: FactWithRemedy, ...details: string[]): Check => ({
  id,
  fact,
  outcome: 'failed',
  details,
  remedy,
});

export const skipped = ({ id, fact }: Fact, reason: string): Check => ({
  id,
  fact,
  outcome: 'skipped',
  details: [reason],
});
