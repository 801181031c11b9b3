import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** The contexts of a workflow by name: `vars`, `env`, `steps`. */
export type Contexts = Readonly<Record<string, unknown>>;

/** The text of a workflow with its expressions replaced, as GitHub's own library evaluates them. */
export const interpolate = (text: string, contexts: Contexts): string =>
  text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    evaluate(expression, contexts).coerceString(),
  );

/** A condition `if`, which may be an expression without its braces. */
export function isTrue(condition: string | undefined, contexts: Contexts): boolean {
  if (condition === undefined) return true;
  const [, expression = condition] = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition) ?? [];
  const result = evaluate(`!!(${expression})`, contexts);
  return result.coerceString() === 'true';
}

function evaluate(expression: string, contexts: Contexts) {
  const { tokens } = new Lexer(expression.trim()).lex();
  const syntax = new Parser(tokens, Object.keys(contexts), []).parse();
  return new Evaluator(syntax, toDictionary(contexts)).evaluate();
}

const toDictionary = (contexts: Contexts) =>
  JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
