const anyRun = Symbol('*');
const anyCharacter = Symbol('?');

type Token = string | typeof anyRun | typeof anyCharacter;

/** A pattern of IAM: `*` is any run of characters, `?` any one. Characters that a variable brought in are literal. */
export type IamPattern = readonly Token[];

/** Adjacent `*` are one. */
export function iamPattern(text: string): IamPattern {
  return [...text.replace(/\*+/g, '*')].map((character) =>
    character === '*' ? anyRun : character === '?' ? anyCharacter : character,
  );
}

export const literalPattern = (text: string): IamPattern => [...text];

export const lowerCased = (pattern: IamPattern): IamPattern =>
  pattern.map((token) => (typeof token === 'string' ? token.toLowerCase() : token));

/**
 * Whether the whole text matches. It goes back to the last `*` only: at most the product of both lengths in steps, never
 * exponentially many.
 */
export function matchesIamPattern(pattern: IamPattern, text: string): boolean {
  const characters = [...text];
  let star = -1;
  let resume = 0;
  let at = 0;
  for (let index = 0; index < characters.length;) {
    const token = pattern[at];
    if (token === anyRun) {
      star = at;
      resume = index;
      at += 1;
    } else if (token !== undefined && (token === anyCharacter || token === characters[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      resume += 1;
      index = resume;
      at = star + 1;
    } else return false;
  }
  return pattern.slice(at).every((token) => token === anyRun);
}
