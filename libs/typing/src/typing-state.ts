import { BACKSPACE, DELETE_WORD, type Keystroke } from './keystroke';

/** Increased when the same keystrokes may give another result. Recorded with each replay. */
export const TYPING_VERSION = 1;

/** Characters that a word takes beyond its own; further ones count as keystrokes and are not added. */
export const MAX_EXTRA = 10;

/** No round is longer, whatever its rules and its keystrokes say. In ms. */
export const MAX_ROUND_MS = 3_600_000;

export interface TypingRules {
  /**
   * `correct`: a word has to be correct before the next one begins, so that nobody finishes a race by skipping words.
   * `any`: a space ends every word that has a character; its errors stay.
   */
  readonly advance: 'correct' | 'any';
  /** The end of a timed round, in ms after its start. Without it the text ends the round. */
  readonly limitMs?: number;
}

/** A text as its words; between two words there is one space. */
export type Words = readonly (readonly string[])[];

export interface TypingState {
  readonly words: Words;
  readonly rules: TypingRules;
  /** The typed words before the current one. */
  readonly typed: readonly string[];
  /** Characters of the typed words that are correct, each with its separator. */
  readonly settled: number;
  /** The typed part of the current word. */
  readonly current: string;
  /** Time of the last keystroke, in ms after the start. */
  readonly elapsedMs: number;
  /** When the text was complete. */
  readonly finishedAtMs: number | undefined;
  /** Keystrokes of characters; a corrected error stays counted. */
  readonly keystrokes: { readonly correct: number; readonly incorrect: number };
}

/** Words of a text in NFC. Any white space separates words. */
export function wordsOf(text: string): Words {
  return text
    .normalize('NFC')
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => [...word]);
}

export function startTyping(words: Words, rules: TypingRules): TypingState {
  return {
    words,
    rules,
    typed: [],
    settled: 0,
    current: '',
    elapsedMs: 0,
    finishedAtMs: words.length === 0 ? 0 : undefined,
    keystrokes: { correct: 0, incorrect: 0 },
  };
}

/**
 * The state after a keystroke. Pure; the same function runs in the page, in game-service and over a recorded replay.
 * Never throws. A keystroke after the limit, one that is not a single character, and one without effect only change the time.
 */
export function step(state: TypingState, [dtMs, key]: Keystroke): TypingState {
  if (state.finishedAtMs !== undefined) return state;
  const elapsedMs = Math.min(
    state.elapsedMs + (typeof dtMs === 'number' && dtMs > 0 ? dtMs : 0),
    MAX_ROUND_MS + 1,
  );
  const next = { ...state, elapsedMs };
  const target = state.words[state.typed.length];
  if (!target || elapsedMs > limitOf(state.rules)) return next;
  if (key === BACKSPACE) return backspace(next);
  if (key === DELETE_WORD) return deleteWord(next);
  if (key === ' ') return space(next, target);
  return isCharacter(key) ? character(next, target, key) : next;
}

/** The state after all keystrokes. */
export function replay(
  words: Words,
  rules: TypingRules,
  keystrokes: readonly Keystroke[],
): TypingState {
  return keystrokes.reduce(step, startTyping(words, rules));
}

/** In ms after the start. */
export function limitOf({ limitMs }: TypingRules): number {
  return Math.min(limitMs ?? MAX_ROUND_MS, MAX_ROUND_MS);
}

/** Whether the typed word is the target. */
export function isCorrect(target: readonly string[] | undefined, typed: string): boolean {
  return target !== undefined && target.join('') === typed;
}

function character(state: TypingState, target: readonly string[], key: string): TypingState {
  const at = [...state.current].length;
  const counted = count(state, target[at] === key);
  if (at >= target.length + MAX_EXTRA) return counted;
  const current = state.current + key;
  const isLast = state.typed.length === state.words.length - 1;
  const finishedAtMs = isLast && isCorrect(target, current) ? state.elapsedMs : undefined;
  return { ...counted, current, finishedAtMs };
}

function space(state: TypingState, target: readonly string[]): TypingState {
  const { current, typed, words, rules } = state;
  if (current === '') return state;
  const correct = isCorrect(target, current);
  const counted = count(state, correct);
  if (!correct && rules.advance === 'correct') return counted;
  const isLast = typed.length === words.length - 1;
  // The last word has no separator: this space ends the text.
  if (isLast) return { ...state, finishedAtMs: state.elapsedMs };
  const settled = state.settled + (correct ? target.length + 1 : 0);
  return { ...counted, typed: [...typed, current], settled, current: '' };
}

function backspace(state: TypingState): TypingState {
  if (state.current === '') return returnToWord(state, (word) => word);
  return { ...state, current: withoutLast(state.current) };
}

function deleteWord(state: TypingState): TypingState {
  return state.current === '' ? returnToWord(state, () => '') : { ...state, current: '' };
}

/** Only a word with errors is opened again: correct words are settled, and counted. */
function returnToWord(state: TypingState, edit: (word: string) => string): TypingState {
  const { typed, words } = state;
  const before = typed.at(-1);
  if (before === undefined || isCorrect(words[typed.length - 1], before)) return state;
  return { ...state, typed: typed.slice(0, -1), current: edit(before) };
}

const withoutLast = (text: string) => [...text].slice(0, -1).join('');

const isCharacter = (key: unknown) =>
  typeof key === 'string' && [...key].length === 1 && !/\p{Cc}/u.test(key);

function count(state: TypingState, isRight: boolean): TypingState {
  const { correct, incorrect } = state.keystrokes;
  return {
    ...state,
    keystrokes: isRight
      ? { correct: correct + 1, incorrect }
      : { correct, incorrect: incorrect + 1 },
  };
}
