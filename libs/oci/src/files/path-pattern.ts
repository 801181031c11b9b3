/** A pattern that is not valid. */
export class PatternError extends Error {}

const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;
const literal = (text: string) => text.replace(SPECIAL, '\\$&');

/** Whether a path contains `*`, `?` or `[` that are not escaped. */
export function hasWildcards(text: string): boolean {
  return /[*?[]/.test(text.replace(/\\./gs, ''));
}

/** A pattern of COPY and ADD, with the rules of https://pkg.go.dev/path/filepath#Match @throws PatternError */
export function globPattern(pattern: string): RegExp {
  return compile(pattern, false);
}

/** The same with `**`, as in .dockerignore: https://docs.docker.com/build/concepts/context/#syntax */
function ignorePattern(pattern: string): RegExp {
  return compile(pattern, true);
}

function compile(pattern: string, withAny: boolean): RegExp {
  let out = '';
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    const [any] = (withAny && /^\*\*\/?/.exec(rest)) || [];
    const [set] = /^\[\^?(?:\\.|[^\]\\])+\]/su.exec(rest) ?? [];
    if (any !== undefined) {
      at += any.length;
      out += at === pattern.length ? '.*' : '(?:.*/)?';
    } else if (rest.startsWith('*')) {
      at += 1;
      out += '[^/]*';
    } else if (rest.startsWith('?')) {
      at += 1;
      out += '[^/]';
    } else if (set !== undefined) {
      at += set.length;
      out += `(?!/)${setSource(set)}`;
    } else if (rest.startsWith('[') || rest === '\\') {
      throw new PatternError(`invalid pattern "${pattern}"`);
    } else {
      const char = String.fromCodePoint(
        pattern.codePointAt(at + (rest.startsWith('\\') ? 1 : 0)) ?? 0,
      );
      at += char.length + (rest.startsWith('\\') ? 1 : 0);
      out += literal(char);
    }
  }
  try {
    return new RegExp(`^${out}$`, 'su');
  } catch (cause) {
    throw new PatternError(`invalid pattern "${pattern}"`, { cause });
  }
}

/** Everything but ranges, negation and escapes is literal in a set. */
function setSource(set: string): string {
  const [, negated = '', content = ''] = /^\[(\^?)([^]*)\]$/.exec(set) ?? [];
  const safe = content.replace(/\\(.)|([\^[&~|(){}/])/gsu, (_, escaped?: string, char?: string) => {
    return `\\u{${(escaped ?? char ?? '').codePointAt(0)?.toString(16)}}`;
  });
  return `[${negated}${safe}]`;
}

interface Rule {
  readonly matcher: RegExp;
  readonly negated: boolean;
}

/** By pattern, whether a folder matches. */
export type Matches = readonly boolean[];

/** An ordered list of patterns and exceptions (`!pattern`); a pattern that matches a folder matches its content. */
export class PathMatcher {
  private readonly rules: readonly Rule[];

  /** @throws PatternError */
  constructor(patterns: readonly string[]) {
    this.rules = patterns
      .map((pattern) => pattern.trim())
      .filter((pattern) => pattern !== '')
      .map((pattern) => {
        const negated = pattern.startsWith('!');
        const text = clean(negated ? pattern.slice(1) : pattern);
        if (text === '') throw new PatternError(`invalid pattern "${pattern}"`);
        return { negated, matcher: ignorePattern(text) };
      });
  }

  get hasExceptions(): boolean {
    return this.rules.some(({ negated }) => negated);
  }

  /** @param parent the result for the folder of the path */
  match(path: string, parent?: Matches): { matched: boolean; matches: Matches } {
    let matched = false;
    const matches = this.rules.map(({ matcher, negated }, index) => {
      let match = parent?.[index] ?? false;
      if (!match) {
        if (negated !== matched) return false;
        match =
          matcher.test(path) || (!parent && parentsOf(path).some((above) => matcher.test(above)));
      }
      if (match) matched = !negated;
      return match;
    });
    return { matched, matches };
  }
}

function parentsOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/** Without a leading `/`, and without `.`, `..` and empty names. */
function clean(pattern: string): string {
  const kept: string[] = [];
  for (const name of pattern.split('/')) {
    if (name === '' || name === '.') continue;
    if (name === '..') kept.pop();
    else kept.push(name);
  }
  return kept.join('/') || (pattern === '' ? '' : '.');
}

/** The patterns of a .dockerignore file. */
export function readIgnoreFile(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim().replace(/^!\s+/, '!'))
    .filter((line) => line !== '');
}
