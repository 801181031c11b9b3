/** The value of a variable; null if it is declared without one; undefined if it is not declared. */
export type Lookup = (name: string) => string | null | undefined;

/** A word that the Dockerfile reference does not allow. */
export class ExpansionError extends Error {}

/** A variable that is not declared in the stage, or has no value. */
export class MissingVariable extends Error {
  constructor(
    readonly variable: string,
    readonly declared: boolean,
  ) {
    super(`${variable} has no value`);
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/**
 * Quotes, escapes and variables of one word, as in
 * https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expand(word: string, lookup: Lookup, escape = '\\'): string {
  return new Expansion(word, lookup, escape).run();
}

class Expansion {
  private at = 0;

  constructor(
    private readonly word: string,
    private readonly lookup: Lookup,
    private readonly escape: string,
  ) {}

  run(): string {
    let out = '';
    while (this.at < this.word.length) {
      const char = this.next();
      if (char === "'") out += this.until("'");
      else if (char === '"') out += this.doubleQuoted();
      else if (char === this.escape) out += this.next();
      else if (char === '$') out += this.variable();
      else out += char;
    }
    return out;
  }

  private next(): string {
    return this.word[this.at++] ?? '';
  }

  private until(end: string): string {
    const stop = this.word.indexOf(end, this.at);
    if (stop < 0) throw new ExpansionError(`a closing ${end} is missing in ${this.word}`);
    const text = this.word.slice(this.at, stop);
    this.at = stop + 1;
    return text;
  }

  private doubleQuoted(): string {
    let out = '';
    for (;;) {
      if (this.at >= this.word.length) {
        throw new ExpansionError(`a closing " is missing in ${this.word}`);
      }
      const char = this.next();
      if (char === '"') return out;
      if (char === '$') out += this.variable();
      else if (char === this.escape) out += this.escapedInQuotes();
      else out += char;
    }
  }

  private escapedInQuotes(): string {
    const char = this.next();
    return ['"', '$', this.escape].includes(char) ? char : this.escape + char;
  }

  private variable(): string {
    const braced = this.word[this.at] === '{';
    const start = this.at + (braced ? 1 : 0);
    const name = NAME.exec(this.word.slice(start))?.[0];
    if (name === undefined) {
      if (braced) throw new ExpansionError(`"\${" without a name in ${this.word}`);
      return '$';
    }
    this.at = start + name.length;
    return braced ? this.modified(name) : this.required(name);
  }

  private required(name: string): string {
    const value = this.lookup(name);
    if (typeof value === 'string') return value;
    throw new MissingVariable(name, value === null);
  }

  /** The rest after the name in `${name...}`: `}`, `:-word}` or `:+word}`. */
  private modified(name: string): string {
    if (this.word[this.at] === '}') {
      this.at += 1;
      return this.required(name);
    }
    const operator = this.word.slice(this.at, this.at + 2);
    if (operator !== ':-' && operator !== ':+') {
      throw new ExpansionError(
        `\${${name}${operator}...} is not one of \${X}, \${X:-word}, \${X:+word}`,
      );
    }
    this.at += 2;
    const word = expand(this.balanced(), this.lookup, this.escape);
    const value = this.lookup(name);
    // The base image, which is not known here, may set it.
    if (value === undefined) throw new MissingVariable(name, false);
    if (operator === ':+') return value ? word : '';
    return value ? value : word;
  }

  private balanced(): string {
    const start = this.at;
    for (let depth = 1; this.at < this.word.length; this.at += 1) {
      const char = this.word[this.at];
      if (char === '{' && this.word[this.at - 1] === '$') depth += 1;
      if (char === '}' && --depth === 0) return this.word.slice(start, this.at++);
    }
    throw new ExpansionError(`a closing } is missing in ${this.word}`);
  }
}
