/** How a letter of the text is shown. */
export type LetterLook = 'untyped' | 'right' | 'wrong' | 'extra';

export interface Letter {
  readonly text: string;
  readonly look: LetterLook;
}

/** The letters of a word with what was typed of it. A wrong letter shows the target; an extra one itself. */
export function lettersOf(target: readonly string[], typed: string): readonly Letter[] {
  const keys = [...typed];
  const own = target.map((text, at): Letter => {
    const key = keys[at];
    return { text, look: key === undefined ? 'untyped' : key === text ? 'right' : 'wrong' };
  });
  return [...own, ...keys.slice(target.length).map((text): Letter => ({ text, look: 'extra' }))];
}
