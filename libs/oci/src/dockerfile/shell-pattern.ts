/** The rest of a value after the start that matches a shell pattern has been removed. */
export function withoutPrefix(value: string, pattern: string, longest: boolean): string {
  return value.replace(new RegExp(`^${source(pattern, longest)}`, 's'), '');
}

export function withoutSuffix(value: string, pattern: string, longest: boolean): string {
  const matcher = new RegExp(`^${source(pattern, true)}$`, 's');
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  const found = (longest ? lengths.reverse() : lengths).find((length) =>
    matcher.test(value.slice(value.length - length)),
  );
  return value.slice(0, value.length - (found ?? 0));
}

export function replaceMatches(
  value: string,
  pattern: string,
  replacement: string,
  all: boolean,
): string {
  const matcher = new RegExp(source(pattern, true), all ? 'gs' : 's');
  return value.replace(matcher, () => replacement);
}

/** @throws SyntaxError for an escape that is not valid in a pattern */
function source(pattern: string, longest: boolean): string {
  let out = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    if (char === '*') out += longest ? '.*' : '.*?';
    else if (char === '?') out += '.';
    else if (char === '\\' && /[}/]/.test(pattern[at + 1] ?? '')) continue;
    else if (char === '\\') {
      const next = pattern[++at] ?? '';
      if (!/^[*?\\]$/.test(next)) throw new SyntaxError(`invalid escape "\\${next}"`);
      out += `\\${next}`;
    } else out += char.replace(/[[\]{}.+()|^$/]/g, '\\$&');
  }
  return out;
}
