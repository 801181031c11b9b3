import { type PracticeSettings } from '@typerush/contracts';
import { MAX_WORDS, PASSAGES_VERSION, type PassageReference } from '@typerush/passages';
import { type TypingRules } from '@typerush/typing';

/** What is typed in a practice, and until when. */
export interface PracticePlan {
  readonly mode: PracticeSettings['mode'];
  readonly passage: PassageReference;
  readonly rules: TypingRules & { readonly advance: 'any' };
}

/** Words in a second of a timed practice: 300 a minute, the fastest that is ranked. */
const WORDS_PER_SECOND = 5;

/** @param seed 32 bits */
export function planPractice(settings: PracticeSettings, seed: number): PracticePlan {
  const version = PASSAGES_VERSION;
  const { mode } = settings;
  if (mode === 'quote') {
    return { mode, passage: { list: 'quotes', version, seed }, rules: { advance: 'any' } };
  }
  const { list, punctuation, numbers } = settings;
  const passage = { list, version, seed, words: wordsOf(settings), punctuation, numbers };
  if (mode !== 'time') return { mode, passage, rules: { advance: 'any' } };
  return { mode, passage, rules: { advance: 'any', limitMs: settings.seconds * 1_000 } };
}

function wordsOf(settings: Exclude<PracticeSettings, { mode: 'quote' }>): number {
  switch (settings.mode) {
    case 'time':
      return settings.seconds * WORDS_PER_SECOND;
    case 'words':
      return settings.words;
    case 'open':
      return MAX_WORDS;
  }
}
