/**
 * The JSON documents of a text, one behind the other with nothing but white space between them: what a loop over pages
 * prints.
 *
 * @throws SyntaxError
 */
export function jsonDocuments(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    const documents = splitDocuments(text);
    if (documents.length < 2) throw error;
    return documents.map((document) => JSON.parse(document) as unknown);
  }
}

/** A string, or a bracket that opens or closes; all else does not tell where a document ends. */
const token = /"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g;

function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === '[' || found === '{') depth += 1;
    if (found !== ']' && found !== '}') continue;
    depth -= 1;
    if (depth > 0) continue;
    documents.push(text.slice(start, index + 1));
    start = index + 1;
  }
  const rest = text.slice(start);
  return rest.trim() === '' ? documents : [...documents, rest];
}
