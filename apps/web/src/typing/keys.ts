import { BACKSPACE, DELETE_WORD } from '@typerush/typing';

/** The part of an InputEvent that says what was typed. */
export interface TypedInput {
  readonly inputType: string;
  readonly data: string | null;
}

const deletions = new Map([
  ['deleteContentBackward', BACKSPACE],
  ['deleteWordBackward', DELETE_WORD],
  ['deleteSoftLineBackward', DELETE_WORD],
  ['deleteHardLineBackward', DELETE_WORD],
]);

/** The keys of an input. Pasted, dropped and suggested text is not typed, and has none. */
export function keysOf({ inputType, data }: TypedInput): readonly string[] {
  if (inputType === 'insertText') return charactersOf(data ?? '');
  const deletion = deletions.get(inputType);
  return deletion === undefined ? [] : [deletion];
}

/** The keys that make one text of another: what is new is typed after the rest was deleted. */
export function keysBetween(before: string, after: string): readonly string[] {
  const from = [...before.normalize('NFC')];
  const to = charactersOf(after);
  let same = 0;
  while (same < from.length && from[same] === to[same]) same += 1;
  return [...from.slice(same).map(() => BACKSPACE), ...to.slice(same)];
}

/** Typographic quotes, dashes and spaces, which phones insert by themselves, as the keys that were meant. */
const plain: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u00a0': ' ',
  '\u3000': ' ',
};

function charactersOf(text: string): string[] {
  return [...text.normalize('NFC')]
    .map((character) => plain[character] ?? character)
    .filter((character) => !/[\p{Cc}\p{Cs}]/u.test(character));
}
