/**
 * Whether `text` matches `pattern`, in which `*` stands for any run of characters, the empty one included,
 * and every other character for itself. The whole text must match.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return pattern === text;
  if (!text.startsWith(head)) return false;
  let position = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return text.length - position >= tail.length && text.endsWith(tail);
}
