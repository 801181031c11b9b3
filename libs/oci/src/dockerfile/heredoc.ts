import { Lexer } from './lexer';

/** https://docs.docker.com/reference/dockerfile/#here-documents */
export interface Heredoc {
  readonly name: string;
  readonly content: string;
  /** Whether variables in the content are replaced: the name is not quoted. */
  readonly expand: boolean;
  /** `<<-`: tabs at the start of lines are removed. */
  readonly chomp: boolean;
}

/** The here-documents that an instruction announces, without their content. */
export function heredocsIn(line: string): Heredoc[] {
  try {
    return Lexer.raw(line).words().map(readHeredoc).filter(isHeredoc);
  } catch {
    return [];
  }
}

/** undefined unless the word is `<<NAME`. */
export function readHeredoc(word: string): Heredoc | undefined {
  const [, dash, rest = ''] = /^\d*<<(-?)\s*([^<]+)$/.exec(word) ?? [];
  if (rest === '') return undefined;
  const [name, ...others] = Lexer.unset(rest).words();
  if (name === undefined || others.length > 0) return undefined;
  return { name, content: '', expand: !/['"]/.test(rest), chomp: dash === '-' };
}

export const withoutTabs = (text: string): string => text.replace(/^\t+/gm, '');

function isHeredoc(heredoc: Heredoc | undefined): heredoc is Heredoc {
  return heredoc !== undefined;
}
