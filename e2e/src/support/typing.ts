import { setTimeout as sleep } from 'node:timers/promises';
import { type Page } from 'playwright-core';

export interface Fingers {
  /** Words a minute, corrections left out. */
  readonly wpm: number;
  /** Every so many characters one is typed wrong, and corrected. @default never */
  readonly mistakeEvery?: number;
}

interface Press {
  readonly key: string;
  readonly afterMs: number;
}

/** A text as a person types it: uneven, with mistakes that are corrected by Backspace or, every third one, by the word. */
export function pressesOf(text: string, { wpm, mistakeEvery = Infinity }: Fingers): Press[] {
  const meanMs = 60_000 / (wpm * 5);
  const random = randomNumbers();
  const presses: Press[] = [];
  const press = (key: string) => presses.push({ key, afterMs: meanMs * (0.6 + 0.8 * random()) });
  let mistakes = 0;
  let word = '';
  [...text].forEach((character, index) => {
    if (character !== ' ' && index % mistakeEvery === mistakeEvery - 1) {
      mistakes += 1;
      press(character === 'x' ? 'y' : 'x');
      if (mistakes % 3 === 0) ['Control+Backspace', ...word].forEach(press);
      else press('Backspace');
    }
    press(character);
    word = character === ' ' ? '' : word + character;
  });
  return presses;
}

/** Where a round is typed while it runs. */
export const openField = '[data-testid=typing-input]:enabled';

/** The text that the page shows to screen readers. */
export async function shownText(page: Page): Promise<string> {
  return (await page.locator('.typing-field .sr-only').textContent()) ?? '';
}

/**
 * Types in the page, never faster than it should after a delay. Ends when all is typed, or the field does not take keys any
 * more: the next round has a field of its own.
 *
 * @param meanwhile called before each key with the number of keys before it
 */
export async function type(
  page: Page,
  presses: readonly Press[],
  meanwhile: (typed: number) => Promise<void> | void = () => undefined,
): Promise<void> {
  let dueAt = performance.now();
  for (const [typed, { key, afterMs }] of presses.entries()) {
    await meanwhile(typed);
    dueAt = Math.max(dueAt + afterMs, performance.now());
    await sleep(Math.max(0, dueAt - performance.now()));
    if (!(await page.locator(openField).count())) return;
    await page.keyboard.press(key);
  }
}

/** From 0 to 1, the same in each run. */
function randomNumbers(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
