import { replaceMatches, withoutPrefix, withoutSuffix } from './shell-pattern';

/** The value of a variable; undefined if it is not set. */
export type Lookup = (name: string) => string | undefined;

/** A word that BuildKit does not accept. */
export class ExpansionError extends Error {}

interface Mode {
  readonly escape: string;
  /** Keeps quotes in the result. */
  readonly rawQuotes?: boolean;
  readonly rawEscapes?: boolean;
  /** Takes quotes as any other character. */
  readonly plainQuotes?: boolean;
  /** Keeps variables that are not set. */
  readonly keepUnset?: boolean;
}

/**
 * Quotes, escapes and variables of a word, as BuildKit processes them.
 * https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export class Lexer {
  private at = 0;

  private constructor(
    private readonly text: string,
    private readonly lookup: Lookup,
    private readonly mode: Mode,
  ) {}

  static word(text: string, lookup: Lookup, escape: string): string {
    return new Lexer(text, lookup, { escape }).read().text;
  }

  /** Several words if a variable outside of quotes contains spaces. */
  static words(text: string, lookup: Lookup, escape: string): string[] {
    return new Lexer(text, lookup, { escape }).words();
  }

  /** The content of a here-document, in which quotes have no meaning. */
  static document(text: string, lookup: Lookup): string {
    return new Lexer(text, lookup, { escape: '\\', plainQuotes: true }).read().text;
  }

  static unset(text: string): Lexer {
    return new Lexer(text, () => undefined, { escape: '\\', keepUnset: true });
  }

  /** As written, apart from being split. */
  static raw(text: string): Lexer {
    const mode = { escape: '\\', keepUnset: true, rawQuotes: true, rawEscapes: true };
    return new Lexer(text, () => undefined, mode);
  }

  words(): string[] {
    return this.read().words;
  }

  private read(
    stop?: string,
    rawEscapes = this.mode.rawEscapes,
  ): { text: string; words: string[] } {
    let text = '';
    const words = new Words();
    for (;;) {
      if (this.at >= this.text.length) {
        if (stop !== undefined) throw this.missing(stop);
        return { text, words: words.all() };
      }
      const char = this.next();
      if (char === stop) return { text, words: words.all() };
      const special = this.special(char);
      if (special !== undefined) {
        text += special;
        if (char === '$') words.addSplit(special);
        else words.add(special);
      } else if (char === this.mode.escape) {
        const escaped = (rawEscapes ? char : '') + this.next();
        text += escaped;
        words.add(escaped);
      } else {
        text += char;
        words.addSplit(char);
      }
    }
  }

  private special(char: string): string | undefined {
    if (char === '$') return this.variable();
    if (char === '<' && this.text[this.at] === '<') {
      const [found = ''] = /^<[\t\r ]*/.exec(this.text.slice(this.at)) ?? [];
      this.at += found.length;
      return char + found;
    }
    if (this.mode.plainQuotes) return undefined;
    if (char === "'") return this.quoted(this.until("'"), char);
    return char === '"' ? this.quoted(this.doubleQuoted(), char) : undefined;
  }

  private quoted(text: string, quote: string): string {
    return this.mode.rawQuotes ? quote + text + quote : text;
  }

  private next(): string {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) return '';
    const char = String.fromCodePoint(code);
    this.at += char.length;
    return char;
  }

  private until(end: string): string {
    const stop = this.text.indexOf(end, this.at);
    if (stop < 0) throw this.missing(end);
    const text = this.text.slice(this.at, stop);
    this.at = stop + 1;
    return text;
  }

  private doubleQuoted(): string {
    let out = '';
    for (;;) {
      if (this.at >= this.text.length) throw this.missing('"');
      const char = this.next();
      if (char === '"') return out;
      if (char === '$') out += this.variable();
      else if (char === this.mode.escape) out += this.escapedInQuotes(char);
      else out += char;
    }
  }

  private escapedInQuotes(escape: string): string {
    const kept = this.mode.rawEscapes ? escape : '';
    const following = this.text[this.at];
    if (following === undefined) return kept;
    const isEscaped = ['"', '$', escape].includes(following);
    return kept + (isEscaped ? this.next() : escape);
  }

  private variable(): string {
    if (this.text[this.at] !== '{') {
      const name = this.name();
      if (name === '') return '$';
      return this.lookup(name) ?? (this.mode.keepUnset ? `$${name}` : '');
    }
    this.at += 1;
    if (['{', '}', ':'].includes(this.text[this.at] ?? '')) throw this.bad();
    const name = this.name();
    return this.modified(name, this.next());
  }

  private modified(name: string, sign: string): string {
    const value = this.lookup(name);
    if (sign === '}') return value ?? (this.mode.keepUnset ? `\${${name}}` : '');
    if (sign === '/') return this.replaced(name, value);
    const operator = sign === ':' ? this.next() : sign;
    if (!['-', '+', '?', '#', '%'].includes(operator)) throw this.bad();
    const isPattern = operator === '#' || operator === '%';
    if (sign === ':' && isPattern) throw this.bad();
    const { text: word } = this.read('}', isPattern);
    if (this.mode.keepUnset && value === undefined) return `\${${name}${operator}${word}}`;
    return this.apply(operator, word, {
      name,
      value,
      isSet: sign === ':' ? !!value : value !== undefined,
    });
  }

  private apply(
    operator: string,
    word: string,
    { name, value = '', isSet }: { name: string; value?: string; isSet: boolean },
  ): string {
    if (operator === '-') return isSet ? value : word;
    if (operator === '+') return isSet ? word : '';
    if (operator === '?') {
      if (isSet) return value;
      throw new ExpansionError(`${name}: ${word || 'it must be set'}`);
    }
    const longest = word.startsWith(operator);
    const pattern = longest ? word.slice(1) : word;
    const remove = operator === '#' ? withoutPrefix : withoutSuffix;
    return this.withPattern(() => remove(value, pattern, longest));
  }

  private replaced(name: string, value: string | undefined): string {
    const all = this.text[this.at] === '/';
    if (all) this.at += 1;
    const { text: pattern } = this.read('/', true);
    const { text: replacement } = this.read('}', true);
    if (value === undefined && this.mode.keepUnset) return `\${${name}/${pattern}/${replacement}}`;
    return this.withPattern(() => replaceMatches(value ?? '', pattern, replacement, all));
  }

  private withPattern(action: () => string): string {
    try {
      return action();
    } catch (cause) {
      throw new ExpansionError(`invalid pattern in ${this.text}: ${(cause as Error).message}`);
    }
  }

  private name(): string {
    const rest = this.text.slice(this.at);
    const [name = ''] = /^(?:\d+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*)/u.exec(rest) ?? [];
    this.at += name.length;
    return name;
  }

  private bad(): ExpansionError {
    return new ExpansionError(`invalid substitution in ${this.text}`);
  }

  private missing(end: string): ExpansionError {
    return new ExpansionError(`a closing ${end} is missing in ${this.text}`);
  }
}

/** Words that spaces separate. */
class Words {
  private readonly words: string[] = [];
  private current = '';

  add(text: string): void {
    this.current += text;
  }

  addSplit(text: string): void {
    for (const char of text) {
      if (!/\s/.test(char)) this.current += char;
      else this.end();
    }
  }

  all(): string[] {
    this.end();
    return this.words;
  }

  private end(): void {
    if (this.current !== '') this.words.push(this.current);
    this.current = '';
  }
}
