import { type Practice } from '@typerush/contracts';
import { typist } from '@typerush/game-client';
import { passageOf, type PassageReference } from '@typerush/passages';
import { type Keystroke, wordsOf } from '@typerush/typing';
import { seededChance } from './game-fixtures';

/** What a person would type of a text, from the first key on; within its time, if it has a limit. */
export function practiceScript(
  { passage, rules }: Pick<Practice, 'passage' | 'rules'>,
  { wpm = 80, errorRate = 0.05, seed = 1 } = {},
): Keystroke[] {
  const words = wordsOf(passageOf(passage as PassageReference).text);
  const typed: Keystroke[] = [];
  let typedMs = 0;
  for (const [dtMs, key] of typist(words, { wpm, errorRate }, seededChance(seed).fraction)) {
    const sinceLast = typed.length === 0 ? 0 : dtMs;
    typedMs += sinceLast;
    if (typedMs > (rules.limitMs ?? Infinity)) break;
    typed.push([sinceLast, key]);
  }
  return typed;
}

export const durationOf = (keystrokes: readonly Keystroke[]) =>
  keystrokes.reduce((sum, [dtMs]) => sum + dtMs, 0);
