import { englishWords } from './english-words';
import { quotes } from './quotes';
import { below, type Random, seededRandom } from './random';

/** Increased when the same reference may give another text. */
export const PASSAGES_VERSION = 1;

/** How many of the most frequent words each list has. */
const wordLists = { 'english-200': 200, 'english-1k': 1_000, 'english-5k': 5_000 } as const;

export const passageLists = ['english-200', 'english-1k', 'english-5k', 'quotes'] as const;
export type PassageList = (typeof passageLists)[number];

/** Everything that a text depends on. */
export interface PassageReference {
  readonly list: PassageList;
  readonly version: number;
  /** 32 bits. Of the quotes, it selects one. */
  readonly seed: number;
  /** How many words; not of quotes. 1 to MAX_WORDS. */
  readonly words?: number;
  /** Sentences with capital letters and punctuation; not of quotes. @default false */
  readonly punctuation?: boolean;
  /** Numbers among the words; not of quotes. @default false */
  readonly numbers?: boolean;
}

export interface Passage {
  /** Words separated by single spaces, in NFC. */
  readonly text: string;
  /** Of a quote: author and work. */
  readonly source?: string;
}

export const MAX_WORDS = 2_000;

/** The text of a reference. @throws RangeError for an unknown list or version, and for a wrong number of words */
export function passageOf(reference: PassageReference): Passage {
  const { list, version, seed } = reference;
  if (version !== PASSAGES_VERSION || !passageLists.includes(list)) {
    throw new RangeError(`Unknown passage list "${list}" in version ${version}.`);
  }
  const random = seededRandom(seed);
  if (list === 'quotes') {
    const quote = quotes[below(random, quotes.length)];
    if (!quote) throw new RangeError('There are no quotes.');
    return quote;
  }
  const { words: count = 0, punctuation = false, numbers = false } = reference;
  if (!Number.isInteger(count) || count < 1 || count > MAX_WORDS) {
    throw new RangeError(`A passage has 1 to ${MAX_WORDS} words, not ${count}.`);
  }
  const words = chooseWords(random, wordLists[list], count, numbers);
  return { text: (punctuation ? punctuate(random, words) : words).join(' ') };
}

/** One word in this many is a number if there are numbers. */
const NUMBER_EVERY = 8;

function chooseWords(random: Random, listed: number, count: number, numbers: boolean): string[] {
  const words: string[] = [];
  while (words.length < count) {
    const isNumber = numbers && below(random, NUMBER_EVERY) === 0;
    const word = isNumber ? someNumber(random) : (englishWords[below(random, listed)] ?? '');
    if (word !== words.at(-1)) words.push(word);
  }
  return words;
}

/** 1 to 4 digits, without leading zeros. */
function someNumber(random: Random): string {
  const digits = 1 + below(random, 4);
  const lowest = digits === 1 ? 0 : 10 ** (digits - 1);
  return String(lowest + below(random, 10 ** digits - lowest));
}

const SHORTEST_SENTENCE = 4;
const LONGEST_SENTENCE = 12;
/** How a sentence ends, in their frequency. */
const ENDS = ['.', '.', '.', '.', '.', '.', '?', '!'];

/** Sentences of a few words; some words in them are quoted, in brackets, or followed by a comma, a colon or a semicolon. */
function punctuate(random: Random, words: readonly string[]): string[] {
  const punctuated: string[] = [];
  while (punctuated.length < words.length) {
    const length = SHORTEST_SENTENCE + below(random, LONGEST_SENTENCE - SHORTEST_SENTENCE + 1);
    const sentence = words.slice(punctuated.length, punctuated.length + length);
    const last = sentence.length - 1;
    sentence.forEach((word, index) => {
      const start = index === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : word;
      if (index === last) punctuated.push(`${start}${ENDS[below(random, ENDS.length)] ?? '.'}`);
      else punctuated.push(mark(random, start));
    });
  }
  return punctuated;
}

function mark(random: Random, word: string): string {
  const choice = below(random, 100);
  if (choice < 10) return `${word},`;
  if (choice < 12) return `${word};`;
  if (choice < 14) return `${word}:`;
  if (choice < 17) return `"${word}"`;
  if (choice < 19) return `(${word})`;
  return word;
}
