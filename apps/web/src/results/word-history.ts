import { type TypingState } from '@typerush/typing';

export interface TypedWord {
  readonly target: string;
  readonly typed: string;
  readonly isCorrect: boolean;
}

/** The words that were typed; the last one only as far as something was typed of it. */
export function wordHistory({ words, typed, current }: TypingState): readonly TypedWord[] {
  const all = current === '' ? typed : [...typed, current];
  return all.slice(0, words.length).map((word, index) => {
    const target = (words[index] ?? []).join('');
    return { target, typed: word, isCorrect: word === target };
  });
}
