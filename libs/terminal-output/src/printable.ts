/** Control characters, line separators, and those that hide text or change its direction. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/**
 * Text of others, such as the name of a file in an image, for one line of output: characters that a terminal would obey or hide
 * become `\u{1b}`, and a long text is cut.
 */
export function printable(text: string, longest = 120): string {
  // Cut first: the text may be very long.
  const characters = [...text.slice(0, 2 * longest)];
  const isCut = characters.length > longest || text.length > 2 * longest;
  const shown = isCut ? `${characters.slice(0, longest - 3).join('')}...` : text;
  return shown.replace(
    unprintable,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
