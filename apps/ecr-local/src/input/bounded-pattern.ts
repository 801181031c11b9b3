import { runInNewContext } from 'node:vm';
import { hasCode } from '../storage/folder/missing-file';

/** V8 aborts the process if it runs out of stack as it compiles an expression, so deep ones never reach it. */
const limits = { length: 4096, groups: 50, milliseconds: 100 };

export class PatternError extends Error {
  override readonly name = 'PatternError';
}

export interface PatternMatch {
  readonly pattern: string;
  readonly text: string;
}

/**
 * The first of the texts that its pattern does not match as a whole; undefined if all match. A pattern from outside
 * may take for ever to fail (`(a+)+`), so all of them together have a tenth of a second.
 *
 * @throws PatternError if a pattern is not a regular expression or exceeds the limits
 */
export function firstMismatch<M extends PatternMatch>(matches: readonly M[]): M | undefined {
  const [first] = matches;
  if (!first) return undefined;
  let current = first.pattern;
  // Before the time runs: on a machine that is busy, the reason would be the time.
  const expressions = new Map(matches.map(({ pattern }) => [pattern, compile(pattern)]));
  const run = () =>
    matches.find(({ pattern, text }) => {
      current = pattern;
      return !expressions.get(pattern)?.test(text);
    });
  try {
    // The limit of node:vm ends what a script calls, too.
    return runInNewContext('run()', { run }, { timeout: limits.milliseconds }) as M | undefined;
  } catch (cause) {
    if (!hasCode(cause, 'ERR_SCRIPT_EXECUTION_TIMEOUT')) throw cause;
    throw new PatternError(
      `${current} takes longer than ${limits.milliseconds} ms to match: simplify nested repetitions`,
      { cause },
    );
  }
}

function compile(pattern: string): RegExp {
  if (pattern.length > limits.length) {
    throw new PatternError(`A pattern has at most ${limits.length} characters`);
  }
  if (groupDepth(pattern) > limits.groups) {
    throw new PatternError(`Groups in a pattern are nested at most ${limits.groups} levels deep`);
  }
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PatternError(`${pattern} is not a regular expression: ${reason}`, { cause });
  }
}

/** An upper bound: parentheses in character classes count as well. */
function groupDepth(pattern: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of pattern.matchAll(/\\[^]|[()]/g)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
