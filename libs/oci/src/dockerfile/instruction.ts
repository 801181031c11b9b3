import { type DockerfileLocation, invalid } from './dockerfile-error';
import { type Heredoc, heredocsIn, withoutTabs } from './heredoc';

/** One instruction of a Dockerfile, with its continuation lines joined. */
export interface Instruction {
  /** In upper case. */
  readonly keyword: string;
  readonly at: DockerfileLocation;
  /** The text after keyword and flags. */
  readonly text: string;
  readonly flags: readonly Flag[];
  readonly heredocs: readonly Heredoc[];
  /** The whole instruction without its heredocs. */
  readonly line: string;
  /** The character that escapes the next one. */
  readonly escape: string;
}

export interface Flag {
  readonly name: string;
  /** undefined for a flag without `=`. */
  readonly value?: string;
}

export interface ParsedDockerfile {
  readonly instructions: readonly Instruction[];
  /** The frontend that the `syntax` directive requests. */
  readonly syntax?: string;
}

interface Continued {
  readonly line: string;
  readonly next: number;
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const WITH_HEREDOC: ReadonlySet<string> = new Set(['ADD', 'COPY', 'RUN', 'ONBUILD']);

/**
 * The instructions of a Dockerfile, in the syntax of BuildKit's parser.
 * https://docs.docker.com/reference/dockerfile/#format
 * @throws DockerfileError
 */
export function parseDockerfile(text: string, file: string): ParsedDockerfile {
  return new Reader(text.replace(/^\uFEFF/, '').split('\n'), file).read();
}

/** An ONBUILD trigger, which is executed where `at` is. @throws DockerfileError */
export function parseTrigger(text: string, at: DockerfileLocation): Instruction {
  const [only, ...others] = parseDockerfile(text, at.file).instructions;
  if (!only || others.length > 0) throw invalid(at, `invalid ONBUILD trigger "${text}".`);
  return { ...only, at: { ...at, instruction: `ONBUILD ${only.keyword}` } };
}

class Reader {
  private escape = '\\';
  private at = 0;

  constructor(
    private readonly lines: readonly string[],
    private readonly file: string,
  ) {}

  read(): ParsedDockerfile {
    const syntax = this.readDirectives();
    const instructions: Instruction[] = [];
    while (this.at < this.lines.length) {
      const start = this.at;
      const first = withoutEnd(this.lines[this.at++] ?? '').trimStart();
      if (first === '' || first.startsWith('#')) continue;
      const { line, next } = this.continued(first);
      this.at = next;
      instructions.push(this.instruction(line, start + 1));
    }
    return { instructions, syntax };
  }

  /** Directives precede all other lines, comments included. https://docs.docker.com/reference/dockerfile/#parser-directives */
  private readDirectives(): string | undefined {
    const seen = new Map<string, string>();
    for (; this.at < this.lines.length; this.at += 1) {
      const [, name = '', value = ''] =
        DIRECTIVE.exec(withoutEnd(this.lines[this.at] ?? '').trimStart()) ?? [];
      const directive = name.toLowerCase();
      if (!['escape', 'syntax', 'check'].includes(directive)) break;
      const at = { file: this.file, line: this.at + 1, instruction: `# ${directive}` };
      if (seen.has(directive)) throw invalid(at, 'only one is allowed.');
      seen.set(directive, value);
      if (directive !== 'escape') continue;
      if (value !== '\\' && value !== '`') {
        throw invalid(at, `invalid escape character "${value}". Expected \\ or \`.`);
      }
      this.escape = value;
    }
    return seen.get('syntax');
  }

  /** Comments and empty lines do not end an instruction. */
  private continued(first: string): Continued {
    let next = this.at;
    let [line, more] = this.withoutContinuation(first);
    while (more && next < this.lines.length) {
      const text = withoutEnd(this.lines[next++] ?? '');
      if (/^\s*(#|$)/.test(text)) continue;
      const [part, again] = this.withoutContinuation(text);
      line += part;
      more = again;
    }
    return { line, next };
  }

  /** The escape character continues a line unless another one precedes it. */
  private withoutContinuation(line: string): [text: string, continues: boolean] {
    const content = line.replace(/[ \t]+$/, '');
    const { escape } = this;
    const continues = content.endsWith(escape) && content.at(-2) !== escape;
    return continues ? [content.slice(0, -1), true] : [line, false];
  }

  private instruction(line: string, number: number): Instruction {
    const [, word = '', rest = ''] = /^(\S+)(?:[\t\v\f\r ]+([^]*))?$/.exec(line.trim()) ?? [];
    const keyword = word.toUpperCase();
    const at = { file: this.file, line: number, instruction: keyword };
    const { flags, text } = splitFlags(rest, this.escape);
    const heredocs = WITH_HEREDOC.has(keyword) ? this.heredocs(line, text, at) : [];
    return { keyword, at, text, flags, heredocs, line: line.trim(), escape: this.escape };
  }

  private heredocs(line: string, text: string, at: DockerfileLocation): Heredoc[] {
    const inner = at.instruction === 'ONBUILD' ? text.replace(/^\S+\s*/, '') : text;
    const isShell = /^(ADD|COPY|RUN)\b/i.test(at.instruction === 'ONBUILD' ? text : line);
    if (!isShell || execForm(inner) || !line.includes('<<')) return [];
    return heredocsIn(line).map((heredoc) => {
      let content = '';
      while (this.at < this.lines.length) {
        const raw = this.lines[this.at++] ?? '';
        const candidate = withoutEnd(raw);
        if ((heredoc.chomp ? candidate.replace(/^\t+/, '') : candidate) === heredoc.name) {
          return { ...heredoc, content: heredoc.chomp ? withoutTabs(content) : content };
        }
        content += this.at < this.lines.length ? `${raw}\n` : raw;
      }
      throw invalid(at, `the here-document ${heredoc.name} has no end.`);
    });
  }
}

const withoutEnd = (line: string) => line.replace(/\r+$/, '');

/** The leading words that start with `--`; quotes in them are removed. */
function splitFlags(rest: string, escape: string): { flags: Flag[]; text: string } {
  const flags: Flag[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(rest[at] ?? '')) at += 1;
    if (!rest.startsWith('--', at)) break;
    let word = '';
    let quote = '';
    for (; at < rest.length; at += 1) {
      const char = rest[at] ?? '';
      if (quote === '' && /\s/.test(char)) break;
      if (char === quote) quote = '';
      else if (quote === '' && (char === "'" || char === '"')) quote = char;
      else if (char === escape) word += rest[++at] ?? '';
      else word += char;
    }
    if (word === '--') break;
    const equals = word.indexOf('=');
    flags.push(
      equals < 0
        ? { name: word.slice(2) }
        : { name: word.slice(2, equals), value: word.slice(equals + 1) },
    );
  }
  return { flags, text: rest.slice(at).trim() };
}

/** The strings of the exec form `["a", "b"]`; undefined for the shell form. */
export function execForm(text: string): string[] | undefined {
  const value = jsonArray(text);
  return value?.every((item) => typeof item === 'string') ? value : undefined;
}

/** As execForm. @throws DockerfileError for an array that contains anything but strings */
export function execFormOf({ text, at }: Pick<Instruction, 'text' | 'at'>): string[] | undefined {
  if (jsonArray(text) && !execForm(text)) {
    throw invalid(at, 'the exec form contains something other than strings.');
  }
  return execForm(text);
}

function jsonArray(text: string): unknown[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
