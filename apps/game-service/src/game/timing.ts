/** Every duration of the game that its settings do not decide, in ms. */
export interface Timing {
  /** From the start of a race to its first keystroke. */
  readonly countdownMs: number;
  /** How long a seat is kept for a player whose connection is lost; the race goes on. */
  readonly graceMs: number;
  /** How long after its deadline a round waits for the keystrokes that were typed before it. */
  readonly settleMs: number;
  /** How long batches are held while one before them is missing. */
  readonly gapMs: number;
  /** From one tick of a race to the next. */
  readonly tickMs: number;
}

export const defaultTiming: Timing = {
  countdownMs: 3_000,
  graceMs: 20_000,
  // A client sends at the latest every 250 ms, and a batch may be under way as long.
  settleMs: 500,
  gapMs: 2_000,
  tickMs: 100,
};
