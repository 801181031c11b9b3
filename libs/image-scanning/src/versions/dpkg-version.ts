/**
 * Compares versions as dpkg does. https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 *
 * @returns less than, equal to or more than 0
 */
export function compareDpkgVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  return (
    compareNumbers(left.epoch, right.epoch) ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

function split(version: string) {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? '0' : version.slice(0, colon),
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? '' : rest.slice(hyphen + 1),
  };
}

/** In turn text, by the order of its characters, and numbers. */
function compareParts(a: string, b: string): number {
  let [left, right] = [0, 0];
  while (left < a.length || right < b.length) {
    while (isText(a, left) || isText(b, right)) {
      const difference = orderOf(a, left) - orderOf(b, right);
      if (difference !== 0) return difference;
      left += 1;
      right += 1;
    }
    const [leftEnd, rightEnd] = [endOfDigits(a, left), endOfDigits(b, right)];
    const difference = compareNumbers(a.slice(left, leftEnd), b.slice(right, rightEnd));
    if (difference !== 0) return difference;
    [left, right] = [leftEnd, rightEnd];
  }
  return 0;
}

const isDigit = (character: string | undefined) =>
  character !== undefined && character >= '0' && character <= '9';

const isText = (text: string, at: number) => at < text.length && !isDigit(text[at]);

/** A tilde sorts before the end, letters before all other characters. */
function orderOf(text: string, at: number): number {
  const character = text[at];
  if (character === undefined || isDigit(character)) return 0;
  if (character === '~') return -1;
  const code = character.charCodeAt(0);
  return /[a-zA-Z]/.test(character) ? code : code + 256;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text[end])) end += 1;
  return end;
}

/** Numbers in decimal digits, of any length; '' is 0. */
export function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
