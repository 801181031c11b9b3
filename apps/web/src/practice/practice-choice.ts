import { type Board, type PracticeSettings } from '@typerush/contracts';
import { MAX_WORDS, PASSAGES_VERSION, type PassageReference } from '@typerush/passages';

export const practiceModes = ['time', 'words', 'quote', 'open'] as const;
export const practiceSeconds = [15, 30, 60, 120] as const;
export const practiceWords = [10, 25, 50, 100] as const;
export const wordLists = ['english-200', 'english-1k', 'english-5k'] as const;

/** Everything that is chosen; what the mode does not need is kept for when the mode changes back. */
export interface PracticeChoice {
  readonly mode: (typeof practiceModes)[number];
  readonly seconds: (typeof practiceSeconds)[number];
  readonly words: (typeof practiceWords)[number];
  readonly list: (typeof wordLists)[number];
  readonly punctuation: boolean;
  readonly numbers: boolean;
}

export const firstChoice: PracticeChoice = {
  mode: 'time',
  seconds: 30,
  words: 25,
  list: 'english-200',
  punctuation: false,
  numbers: false,
};

export function isPracticeChoice(value: unknown): value is PracticeChoice {
  const { mode, seconds, words, list, punctuation, numbers } = (value ?? {}) as PracticeChoice;
  return (
    practiceModes.includes(mode) &&
    practiceSeconds.includes(seconds) &&
    practiceWords.includes(words) &&
    wordLists.includes(list) &&
    typeof punctuation === 'boolean' &&
    typeof numbers === 'boolean'
  );
}

/** As the server takes it. */
export function settingsOf(choice: PracticeChoice): PracticeSettings {
  const { mode, seconds, words, list, punctuation, numbers } = choice;
  const options = { list, punctuation, numbers };
  switch (mode) {
    case 'time':
      return { mode, seconds, ...options };
    case 'words':
      return { mode, words, ...options };
    case 'quote':
      return { mode };
    case 'open':
      return { mode, ...options };
  }
}

/** Where its results are compared; undefined for practice without an end. */
export function boardOfChoice(choice: PracticeChoice): Board | undefined {
  const { mode, seconds, words, list, punctuation, numbers } = choice;
  if (mode === 'open') return undefined;
  if (mode === 'quote') return { mode, list: 'quotes', punctuation: false, numbers: false };
  return { mode, list, amount: mode === 'time' ? seconds : words, punctuation, numbers };
}

/** More than anybody types: 300 words a minute. */
const WORDS_A_SECOND = 5;

/** A text of this page, for a guest without a name or without a connection: its result is not recorded. */
export function localPassage(choice: PracticeChoice, seed: number): PassageReference {
  const { mode, seconds, words, list, punctuation, numbers } = choice;
  const version = PASSAGES_VERSION;
  if (mode === 'quote') return { list: 'quotes', version, seed };
  const count = { time: seconds * WORDS_A_SECOND, words, open: MAX_WORDS }[mode];
  return { list, version, seed, words: count, punctuation, numbers };
}

export function localRules({ mode, seconds }: PracticeChoice) {
  return mode === 'time'
    ? ({ advance: 'any', limitMs: seconds * 1_000 } as const)
    : ({ advance: 'any' } as const);
}
