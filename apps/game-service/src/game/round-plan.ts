import { type GameSettings } from '@typerush/contracts';
import { passageOf, PASSAGES_VERSION, type PassageReference } from '@typerush/passages';
import { type TypingRules, type Words, wordsOf } from '@typerush/typing';

/** What is typed in a round, and for how long. */
export interface RoundPlan {
  readonly passage: PassageReference;
  readonly words: Words;
  /** How many characters of the text are before each word, and at last before its end. */
  readonly offsets: readonly number[];
  readonly rules: TypingRules;
  /** When the round ends if nobody has finished, in ms after its start. */
  readonly limitMs: number;
}

/** The slowest speed at which a text can be completed: ten words a minute. */
const MS_PER_CHARACTER = 1_200;
const SHORTEST_RACE_MS = 60_000;
const LONGEST_RACE_MS = 900_000;

/** Words in a second of a wave: 600 a minute, so that nobody reaches the end of its text. */
const WAVE_WORDS_PER_SECOND = 10;

export function roundsOf(game: GameSettings): number {
  return game.mode === 'wave-rush' ? game.waves : 1;
}

/** @param seed 32 bits */
export function planRound(game: GameSettings, seed: number): RoundPlan {
  const passage = passageReference(game, seed);
  const { text } = passageOf(passage);
  const words = wordsOf(text);
  const offsets = offsetsOf(words);
  if (game.mode === 'wave-rush') {
    const limitMs = game.waveSeconds * 1_000;
    return { passage, words, offsets, rules: { advance: 'any', limitMs }, limitMs };
  }
  const limitMs = Math.min(
    Math.max(text.length * MS_PER_CHARACTER, SHORTEST_RACE_MS),
    LONGEST_RACE_MS,
  );
  return { passage, words, offsets, rules: { advance: 'correct' }, limitMs };
}

function offsetsOf(words: Words): number[] {
  let offset = 0;
  return [0, ...words.map((word) => (offset += word.length + 1))];
}

function passageReference(game: GameSettings, seed: number): PassageReference {
  const version = PASSAGES_VERSION;
  const { list, punctuation, numbers } = game;
  if (list === 'quotes') return { list, version, seed };
  const words = game.mode === 'wave-rush' ? game.waveSeconds * WAVE_WORDS_PER_SECOND : game.words;
  return { list, version, seed, words, punctuation, numbers };
}
