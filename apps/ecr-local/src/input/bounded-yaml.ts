import { Lexer } from 'yaml';
import { maximumDepth } from './bounded-json';

/**
 * The parser recurses into every level, and V8 aborts the process if it runs out of stack as it compiles a regular
 * expression there. In block style a level takes a column or an indicator (`-`, `?`, `:`) of its own. The number of
 * tokens bounds the time; a template of 51,200 bytes has at most 20,000.
 */
const limits = { indentation: 400, indicators: 50, tokens: 40_000 };

/** The lexer's token before the content of a plain or block scalar, which may look like another token. */
const scalarMark = '\u001f';

/** Why a text must not reach the YAML parser, as the rest of a sentence; undefined if it may. Takes linear time. */
export function yamlProblem(text: string): string | undefined {
  let tokens = 0;
  let brackets = 0;
  let line = newLine();
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    const content = isScalar;
    isScalar = token === scalarMark;
    tokens += 1;
    if (tokens > limits.tokens) return `has more than ${limits.tokens} tokens`;
    if (token.endsWith('\n')) {
      line = newLine();
      continue;
    }
    if (content) continue;
    if (token === '{' || token === '[') brackets += 1;
    else if (token === '}' || token === ']') brackets -= 1;
    else if (brackets === 0 && ['-', '?', ':'].includes(token)) line.indicators += 1;
    else if (!line.started && token.startsWith(' ')) line.indentation += token.length;
    line.started ||= !token.startsWith(' ');
    if (brackets < 0) return 'has a closing bracket without an opening one';
    const tooDeep =
      brackets > maximumDepth ||
      line.indentation > limits.indentation ||
      line.indicators > limits.indicators;
    if (tooDeep) return `is nested more than ${maximumDepth} levels deep`;
  }
  return undefined;
}

const newLine = () => ({ indentation: 0, indicators: 0, started: false });
