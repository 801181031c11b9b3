import { type Keystroke } from './keystroke';
import {
  isCorrect,
  limitOf,
  MAX_ROUND_MS,
  startTyping,
  step,
  type TypingRules,
  type TypingState,
  type Words,
} from './typing-state';

/** How a player typed one text. Speeds in words of five characters a minute, all values with at most two decimals. */
export interface TypingStatistics {
  /** Characters of fully correct words, each with its separator, in words a minute. */
  readonly wpm: number;
  /** All typed characters, corrected ones included, in words a minute. */
  readonly raw: number;
  /** Correct keystrokes of all, in percent. A corrected error still counts. 0 without keystrokes. */
  readonly accuracy: number;
  /** 100 for an even speed; 100 (1 - tanh(c + c^3/3 + c^5/5)) for c = SD / mean of each second's raw speed. */
  readonly consistency: number;
  readonly characters: {
    readonly correct: number;
    readonly incorrect: number;
    readonly extra: number;
    /** Of words that were left too early. */
    readonly missed: number;
  };
}

/** One second of a round, for graphs. The last one may be shorter. */
export interface SecondOfTyping {
  /** Its end, in seconds after the start. */
  readonly second: number;
  /** From the start to here, as in TypingStatistics. */
  readonly wpm: number;
  /** Within this second. */
  readonly raw: number;
  /** Incorrect keystrokes within this second. */
  readonly errors: number;
}

/** A shorter last second does not say how fast somebody typed, and is left out of the consistency. */
const SHORTEST_SECOND_MS = 500;

/** The statistics of a round that is over: complete, or at its limit, or without either at its last keystroke. */
export function statisticsOf(
  words: Words,
  rules: TypingRules,
  keystrokes: readonly Keystroke[],
): TypingStatistics {
  const { state, seconds } = typeInSeconds(words, rules, keystrokes);
  const { correct, incorrect } = state.keystrokes;
  const total = correct + incorrect;
  const length = lengthOf(state);
  const whole = seconds.filter(({ lengthMs }) => lengthMs >= SHORTEST_SECOND_MS);
  return {
    wpm: perMinute(correctCharacters(state), length),
    raw: perMinute(total, length),
    accuracy: total === 0 ? 0 : twoDecimals((correct / total) * 100),
    consistency: consistencyOf(whole.map(({ keys, lengthMs }) => keys / lengthMs)),
    characters: countCharacters(state),
  };
}

/** Each second of the round. Empty for a round without duration. */
export function secondsOf(
  words: Words,
  rules: TypingRules,
  keystrokes: readonly Keystroke[],
): SecondOfTyping[] {
  return typeInSeconds(words, rules, keystrokes).seconds.map(
    ({ startMs, lengthMs, keys, errors, correct }) => ({
      second: (startMs + lengthMs) / 1000,
      wpm: perMinute(correct, startMs + lengthMs),
      raw: perMinute(keys, lengthMs),
      errors,
    }),
  );
}

interface Second {
  readonly startMs: number;
  readonly lengthMs: number;
  readonly keys: number;
  readonly errors: number;
  /** Characters of correct words at its end. */
  readonly correct: number;
}

/** The state at the end, and what was typed in each second; a keystroke on a boundary belongs to the second that it ends. */
function typeInSeconds(
  words: Words,
  rules: TypingRules,
  keystrokes: readonly Keystroke[],
): { readonly state: TypingState; readonly seconds: readonly Second[] } {
  const states: TypingState[] = [];
  let state = startTyping(words, rules);
  for (const keystroke of keystrokes) {
    state = step(state, keystroke);
    states.push(state);
  }
  const seconds: Second[] = [];
  const length = lengthOf(state);
  let before = startTyping(words, rules);
  let next = 0;
  for (let startMs = 0; startMs < length; startMs += 1000) {
    const endMs = Math.min(startMs + 1000, length);
    let after = before;
    for (let one = states[next]; one && one.elapsedMs <= endMs; one = states[next]) {
      after = one;
      next += 1;
    }
    const errors = after.keystrokes.incorrect - before.keystrokes.incorrect;
    const keys = after.keystrokes.correct - before.keystrokes.correct + errors;
    const correct = correctCharacters(after);
    seconds.push({ startMs, lengthMs: endMs - startMs, keys, errors, correct });
    before = after;
  }
  return { state, seconds };
}

/** In ms. */
const lengthOf = ({ finishedAtMs, rules, elapsedMs }: TypingState) =>
  finishedAtMs ??
  (rules.limitMs === undefined ? Math.min(elapsedMs, MAX_ROUND_MS) : limitOf(rules));

function correctCharacters({ words, typed, settled, current }: TypingState): number {
  const target = words[typed.length];
  return target && isCorrect(target, current) ? settled + target.length : settled;
}

function countCharacters({ words, typed, current, finishedAtMs }: TypingState) {
  const counts = { correct: 0, incorrect: 0, extra: 0, missed: 0 };
  [...typed, current].forEach((word, index) => {
    const target = words[index] ?? [];
    const characters = [...word];
    characters.forEach((key, at) => {
      if (at >= target.length) counts.extra += 1;
      else if (target[at] === key) counts.correct += 1;
      else counts.incorrect += 1;
    });
    const isOpen = index === typed.length && finishedAtMs === undefined;
    if (!isOpen) counts.missed += Math.max(0, target.length - characters.length);
  });
  return counts;
}

function consistencyOf(rates: readonly number[]): number {
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  if (!(mean > 0)) return 0;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
  const c = Math.sqrt(variance) / mean;
  return twoDecimals(100 * (1 - Math.tanh(c + c ** 3 / 3 + c ** 5 / 5)));
}

/** Words of five characters a minute; 0 for a round without duration. */
const perMinute = (characters: number, durationMs: number) =>
  durationMs > 0 ? twoDecimals((characters / 5 / durationMs) * 60_000) : 0;

const twoDecimals = (value: number) => Math.round(value * 100) / 100;
