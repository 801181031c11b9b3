import { type DockerfileLocation, invalid } from './dockerfile-error';
import { type Instruction } from './instruction';

/** Words between spaces; quotes and escapes are kept. */
export function splitWords(text: string, escape: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  let isOpen = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote === '' && /\s/.test(char)) {
      if (isOpen) words.push(word);
      [word, isOpen] = ['', false];
      continue;
    }
    isOpen = true;
    if (char === escape && quote !== "'") {
      word += at + 1 < text.length ? char + (text[++at] ?? '') : '';
      continue;
    }
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    word += char;
  }
  if (isOpen && word !== '') words.push(word);
  return words;
}

/** `name=value` pairs of ENV and LABEL, or the older form `name value`. Quotes, escapes and variables are kept. */
export function namedValues({ text, escape, at }: Instruction): [name: string, value: string][] {
  const words = splitWords(text, escape);
  const [first] = words;
  if (first === undefined) throw invalid(at, 'it has no argument.');
  if (!first.includes('=')) {
    const [, name = '', value] = /^([^\t\v\f\r ]*)[\t\v\f\r ]+([^]*)$/.exec(text) ?? [];
    if (value === undefined) throw invalid(at, `expected "${at.instruction} name=value".`);
    return [[name, value]];
  }
  return words.map((word) => {
    const equals = word.indexOf('=');
    if (equals < 0) throw invalid(at, `"${word}" has no value. Expected name=value.`);
    if (equals === 0) throw invalid(at, `"${word}" has no name. Expected name=value.`);
    return [word.slice(0, equals), word.slice(equals + 1)];
  });
}

/** The names of ARG with their defaults. */
export function declarations({
  text,
  escape,
  at,
}: Instruction): { name: string; value?: string }[] {
  const words = splitWords(text, escape);
  if (words.length === 0) throw invalid(at, 'it has no argument.');
  return words.map((word) => {
    const equals = word.indexOf('=');
    if (equals === 0) throw invalid(at, `"${word}" has no name.`);
    return equals < 0
      ? { name: word }
      : { name: word.slice(0, equals), value: word.slice(equals + 1) };
  });
}

/** The flags of an instruction by name. @throws DockerfileError for others than these, and for a repeated one */
export function readFlags(
  { flags, at }: { flags: Instruction['flags']; at: DockerfileLocation },
  kinds: Readonly<Record<string, 'text' | 'boolean' | 'list'>>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { name, value } of flags) {
    const kind = kinds[name];
    const earlier = found.get(name);
    if (kind === undefined) throw invalid(at, `unknown flag --${name}.`);
    if (earlier && kind !== 'list') throw invalid(at, `the flag --${name} is repeated.`);
    if (kind === 'boolean') {
      if (!['true', 'false', undefined].includes(value)) {
        throw invalid(at, `invalid --${name}=${value}. Expected true or false.`);
      }
      found.set(name, [value ?? 'true']);
    } else if (value === undefined) {
      throw invalid(at, `the flag --${name} has no value.`);
    } else {
      found.set(name, [...(earlier ?? []), value]);
    }
  }
  return found;
}
