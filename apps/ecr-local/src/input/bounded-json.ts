/** Deepest nesting that is accepted. Real documents have a dozen levels; a recursion overflows the stack at thousands. */
export const maximumDepth = 200;

/** The largest real document, the manifest of an image with 4,200 layers, has half as many. */
const maximumValues = 100_000;

/** Why a text is not read. The message completes a sentence that starts with what the text is, such as "The body". */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/**
 * `JSON.parse` within bounds, for text from outside: what handles the result may recurse, and need not expect millions
 * of values.
 *
 * @throws JsonError
 */
export function parseJson(text: string): unknown {
  requireBounded(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new JsonError('is not JSON', { cause });
  }
}

/** Counts brackets and commas outside of strings: each value but the first of its array or object follows a comma. */
function requireBounded(text: string): void {
  let depth = 0;
  let values = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 0x22: // A quote
        index = endOfString(text, index);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        values += 1;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      case 0x2c: // ,
        values += 1;
        break;
    }
    if (depth > maximumDepth) {
      throw new JsonError(`is nested more than ${maximumDepth} levels deep`);
    }
    if (values > maximumValues) throw new JsonError(`has more than ${maximumValues} values`);
  }
}

/** Where the string that starts at the quote ends: at the first quote that an even number of backslashes precedes. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}
