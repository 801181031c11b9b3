import { type KeystrokeBatch, maxBatchKeystrokes } from '@typerush/contracts';
import { BACKSPACE, type Keystroke, type Words } from '@typerush/typing';

/** Keystrokes that are sent together. */
export interface ScheduledBatch {
  /** In ms after the start of the round. */
  readonly dueMs: number;
  readonly seq: number;
  readonly events: KeystrokeBatch['events'];
}

export const keysPerSecond = 8;

/** As the client of the game: how long a keystroke waits for others, in ms. */
const FLUSH_MS = 200;

/** A key takes from this to `2 - this` of the mean time: fingers are not even, and no two players are in phase. */
const SHORTEST = 0.55;

const ERROR_RATE = 0.04;

/** Numbers from 0 up to 1 that depend only on the seed, so that all ways get the same keystrokes. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Types a text to its end, with errors and corrections. */
export function typeText(words: Words, random: () => number): Keystroke[] {
  const meanMs = 1_000 / keysPerSecond;
  const dtMs = () => Math.round(meanMs * (SHORTEST + random() * 2 * (1 - SHORTEST)));
  return [...words.map((word) => word.join('')).join(' ')].flatMap((key): Keystroke[] =>
    key !== ' ' && random() < ERROR_RATE
      ? [
          [dtMs(), key === 'x' ? 'y' : 'x'],
          [dtMs(), BACKSPACE],
          [dtMs(), key],
        ]
      : [[dtMs(), key]],
  );
}

/** Divides keystrokes as the client does: at a space, 200 ms after the first key of a batch, at the end. */
export function batchesOf(keystrokes: readonly Keystroke[]): ScheduledBatch[] {
  const batches: ScheduledBatch[] = [];
  let open: Keystroke[] = [];
  let flushAt = Infinity;
  let now = 0;
  const flush = (dueMs: number) => {
    if (open.length > 0) batches.push({ dueMs, seq: batches.length + 1, events: open });
    open = [];
    flushAt = Infinity;
  };
  for (const keystroke of keystrokes) {
    const [dtMs, key] = keystroke;
    now += dtMs;
    if (now > flushAt) flush(flushAt);
    if (open.length === 0) flushAt = now + FLUSH_MS;
    open.push(keystroke);
    if (key === ' ' || open.length >= maxBatchKeystrokes) flush(now);
  }
  flush(now);
  return batches;
}

/** One batch for each keystroke. */
export function singlesOf(keystrokes: readonly Keystroke[]): ScheduledBatch[] {
  let dueMs = 0;
  return keystrokes.map((keystroke, index) => {
    dueMs += keystroke[0];
    return { dueMs, seq: index + 1, events: [keystroke] };
  });
}
