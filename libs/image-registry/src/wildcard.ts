/**
 * Whether `text` matches `pattern`, in which `*` matches any run of characters, including an empty one,
 * and every other character for itself. The whole text must match.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  return wildcardMatcher(pattern)(text);
}

/** {@link matchesWildcard} for one pattern and many texts. */
export function wildcardMatcher(pattern: string): (text: string) => boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return (text) => pattern === text;
  if (rest.length === 0 && tail === '') return (text) => text.startsWith(head);
  return (text) => {
    if (!text.startsWith(head)) return false;
    let position = head.length;
    for (const part of rest) {
      const found = text.indexOf(part, position);
      if (found < 0) return false;
      position = found + part.length;
    }
    return text.length - position >= tail.length && text.endsWith(tail);
  };
}
