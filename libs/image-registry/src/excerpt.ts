const longest = 60;

/** A value for a message: its beginning, and its length if it is long. */
export function excerpt(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}...(${text.length} characters)`;
}
