import { BACKSPACE, type Keystroke, type Words } from '@typerush/typing';

/** How somebody types. */
export interface Skill {
  /** Words a minute, corrections left out. */
  readonly wpm: number;
  /** Share of the characters that are typed wrong first, and then corrected. */
  readonly errorRate: number;
}

/** A key takes from this to `2 - this` of the mean time; fingers are not even. */
const SHORTEST = 0.55;

/** Types a text to its end, with errors and corrections. @param random from 0 up to 1, 1 not included */
export function typist(
  words: Words,
  { wpm, errorRate }: Skill,
  random: () => number,
): readonly Keystroke[] {
  const meanMs = 60_000 / (wpm * 5);
  const dtMs = () => Math.max(1, Math.round(meanMs * (SHORTEST + random() * 2 * (1 - SHORTEST))));
  const keystrokes: Keystroke[] = [];
  for (const key of [...words.map((word) => word.join('')).join(' ')]) {
    if (key !== ' ' && random() < errorRate) {
      keystrokes.push([dtMs(), key === 'x' ? 'y' : 'x'], [dtMs(), BACKSPACE]);
    }
    keystrokes.push([dtMs(), key]);
  }
  return keystrokes;
}
