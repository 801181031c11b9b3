import { BACKSPACE, DELETE_WORD, type Keystroke } from './keystroke';
import { type TypingStatistics } from './statistics';

/** Why a result is kept and not ranked. */
export const implausibilities = [
  /** Faster than anybody has typed over a whole text. */
  'too-fast',
  /** Ten keystrokes faster than anybody types them. */
  'burst-too-fast',
  /** The median time between two keystrokes is too short for fingers. */
  'median-too-short',
  /** The times between keystrokes hardly vary. */
  'too-even',
  /** Most times between keystrokes are the same. */
  'repeated-interval',
  /** A word came at once, as from a paste or a script. */
  'word-at-once',
  /** Most keystrokes were held back and then sent together. */
  'held-back',
] as const;
export type Implausibility = (typeof implausibilities)[number];

/**
 * Limits of what counts as typed by a person. One short interval alone is never a reason: rolling over two keys gives 9 ms
 * honestly.
 */
export const plausible = {
  /** Words a minute over the whole text. */
  maxWpm: 300,
  /** Words a minute over `burstKeys` keystrokes in a row. */
  maxBurstWpm: 420,
  burstKeys: 10,
  /** In ms. */
  minMedianMs: 25,
  /** Standard deviation of the intervals divided by their mean. */
  minVariation: 0.1,
  /** Share of the most frequent interval in any `windowKeys` intervals in a row. */
  maxEqualShare: 0.6,
  windowKeys: 50,
  /** Fewer intervals say nothing about variation and median. */
  minIntervals: 20,
  /** A word of at least so many characters without time between them came at once. */
  minWordAtOnce: 4,
  /** Keystrokes that arrive so much later than they were typed were held back, in ms... */
  maxDelayMs: 2_000,
  /** ...which is a reason if they are more than this share: a short outage of the network is none. */
  maxDelayedShare: 0.5,
} as const;

/** When the server received how many keystrokes, in their order; in ms after the start of the round. */
export interface Arrival {
  readonly keystrokes: number;
  readonly receivedMs: number;
}

/** The reasons not to rank a result, each once; none for what a person can have typed. */
export function findImplausibilities(
  { wpm }: Pick<TypingStatistics, 'wpm'>,
  keystrokes: readonly Keystroke[],
  arrivals: readonly Arrival[] = [],
): Implausibility[] {
  // The first interval is the reaction to the start.
  const intervals = keystrokes.slice(1).map(([dtMs]) => dtMs);
  const found: Record<Implausibility, boolean> = {
    'too-fast': wpm > plausible.maxWpm,
    'burst-too-fast': hasFastBurst(intervals),
    'median-too-short': isMedianShort(intervals),
    'too-even': isTooEven(intervals),
    'repeated-interval': repeatsAnInterval(intervals),
    'word-at-once': hasWordAtOnce(keystrokes),
    'held-back': isHeldBack(keystrokes, arrivals),
  };
  return implausibilities.filter((reason) => found[reason]);
}

function hasFastBurst(intervals: readonly number[]): boolean {
  const { burstKeys, maxBurstWpm } = plausible;
  const shortest = (burstKeys / 5 / maxBurstWpm) * 60_000;
  let burst = 0;
  return intervals.some((interval, index) => {
    burst += interval - (intervals[index - burstKeys] ?? 0);
    return index >= burstKeys - 1 && burst < shortest;
  });
}

function isMedianShort(intervals: readonly number[]): boolean {
  if (intervals.length < plausible.minIntervals) return false;
  const sorted = [...intervals].sort((a, b) => a - b);
  return (sorted[sorted.length >> 1] ?? 0) < plausible.minMedianMs;
}

function isTooEven(intervals: readonly number[]): boolean {
  if (intervals.length < plausible.minIntervals) return false;
  const mean = sum(intervals) / intervals.length;
  const variance = sum(intervals.map((interval) => (interval - mean) ** 2)) / intervals.length;
  return Math.sqrt(variance) < plausible.minVariation * mean;
}

function repeatsAnInterval(intervals: readonly number[]): boolean {
  const { windowKeys, maxEqualShare } = plausible;
  const most = windowKeys * maxEqualShare;
  const counts = new Map<number, number>();
  const add = (interval: number, count: number) =>
    counts.set(interval, (counts.get(interval) ?? 0) + count).get(interval) ?? 0;
  return intervals.some((interval, index) => {
    const left = intervals[index - windowKeys];
    if (left !== undefined) add(left, -1);
    const count = add(interval, 1);
    // After the first whole window, only the interval that has come in can have become too frequent.
    if (index === windowKeys - 1) return Math.max(...counts.values()) > most;
    return index >= windowKeys && count > most;
  });
}

/** Characters in a row without time between them, up to the next space. */
function hasWordAtOnce(keystrokes: readonly Keystroke[]): boolean {
  let length = 0;
  for (const [dtMs, key] of keystrokes) {
    if (key === ' ' || key === BACKSPACE || key === DELETE_WORD) length = 0;
    else length = dtMs === 0 && length > 0 ? length + 1 : 1;
    if (length >= plausible.minWordAtOnce) return true;
  }
  return false;
}

function isHeldBack(keystrokes: readonly Keystroke[], arrivals: readonly Arrival[]): boolean {
  let typedMs = 0;
  let index = 0;
  let late = 0;
  for (const arrival of arrivals) {
    for (const end = index + arrival.keystrokes; index < end; index += 1) {
      typedMs += keystrokes[index]?.[0] ?? 0;
      if (arrival.receivedMs - typedMs > plausible.maxDelayMs) late += 1;
    }
  }
  return late > keystrokes.length * plausible.maxDelayedShare;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
