import fc from 'fast-check';
import { BACKSPACE, type Keystroke } from './keystroke';
import { secondsOf, statisticsOf } from './statistics';
import { replay, type TypingRules, wordsOf } from './typing-state';
import { arbitraryKeystrokes, arbitraryRules, arbitraryText } from '../test/arbitrary-typing';

const any: TypingRules = { advance: 'any' };
const evenly = (keys: readonly string[], dtMs: number) => keys.map((key): Keystroke => [dtMs, key]);

describe('statisticsOf', () => {
  it('calls five characters a second sixty words a minute', () => {
    // 11 characters in 2.2 s: 11 / 5 / (2.2 / 60) = 60.
    expect(statisticsOf(wordsOf('hello world'), any, evenly([...'hello world'], 200))).toEqual({
      wpm: 60,
      raw: 60,
      accuracy: 100,
      consistency: 100,
      characters: { correct: 10, incorrect: 0, extra: 0, missed: 0 },
    });
  });

  it('counts only fully correct words, with their separators, for wpm', () => {
    // "one " has 4 characters, "twx" none, "three" 5: 9 / 5 / (14 x 0.1 s / 60) = 77.14; 14 keys: 120.
    const result = statisticsOf(wordsOf('one two three'), any, [
      ...evenly([...'one twx three'], 100),
      [100, 'x'],
    ]);
    expect(result).toMatchObject({ wpm: 83.08, raw: 120, accuracy: 84.62 });
  });

  it('counts a corrected error for accuracy and raw', () => {
    // 3 characters of the word and 1 error, typed in 5 keystrokes (one is a backspace) of 200 ms.
    const keys = ['c', 'x', BACKSPACE, 'a', 't'];
    expect(statisticsOf(wordsOf('cat'), any, evenly(keys, 200))).toMatchObject({
      wpm: 36,
      raw: 48,
      accuracy: 75,
    });
  });

  it('counts correct, incorrect, extra and missed characters', () => {
    const keys = [...'wor xorldyy '];
    expect(statisticsOf(wordsOf('word world again'), any, evenly(keys, 100)).characters).toEqual({
      correct: 7,
      incorrect: 1,
      extra: 2,
      missed: 1,
    });
  });

  it('does not count what is left of the current word as missed', () => {
    const { characters } = statisticsOf(wordsOf('hello'), any, evenly([...'he'], 100));
    expect(characters).toEqual({ correct: 2, incorrect: 0, extra: 0, missed: 0 });
  });

  it('measures a timed round by its limit', () => {
    // 5 characters in 15 s: 5 / 5 / 0.25 = 4.
    const timed = { advance: 'any', limitMs: 15_000 } as const;
    expect(statisticsOf(wordsOf('hello again'), timed, evenly([...'hello'], 100)).wpm).toBe(4);
  });

  it('weighs the even and the uneven second by kogasa', () => {
    // 10 keys in the first second and 2 in the second: mean 6, SD 4, c = 2/3:
    // 100 (1 - tanh(0.6667 + 0.2963/3 + 0.1317/5)) = 34.06
    const keys: Keystroke[] = [...evenly([...'aaaaaaaaaa'], 100), [500, 'a'], [500, 'a']];
    const { consistency } = statisticsOf(wordsOf('a'.repeat(12)), any, keys);
    const c = 4 / 6;
    const expected = 100 * (1 - Math.tanh(c + c ** 3 / 3 + c ** 5 / 5));
    expect(consistency).toBeCloseTo(expected, 2);
    expect(consistency).toBe(34.06);
  });

  it('has no speed, accuracy and consistency without keystrokes', () => {
    expect(statisticsOf(wordsOf('hello'), any, [])).toMatchObject({
      wpm: 0,
      raw: 0,
      accuracy: 0,
      consistency: 0,
    });
  });

  it('stays in its bounds for any keystrokes', () => {
    const round = arbitraryText.chain((text) =>
      fc.tuple(fc.constant(text), arbitraryRules, arbitraryKeystrokes(text)),
    );
    fc.assert(
      fc.property(round, ([text, rules, keystrokes]) => {
        const words = wordsOf(text);
        const { wpm, raw, accuracy, consistency, characters } = statisticsOf(
          words,
          rules,
          keystrokes,
        );
        expect(wpm).toBeGreaterThanOrEqual(0);
        expect(wpm).toBeLessThanOrEqual(raw);
        expect(raw).toBeLessThan(Infinity);
        for (const percentage of [accuracy, consistency]) {
          expect(percentage).toBeGreaterThanOrEqual(0);
          expect(percentage).toBeLessThanOrEqual(100);
        }
        const { typed, current } = replay(words, rules, keystrokes);
        const { correct, incorrect, extra } = characters;
        expect(correct + incorrect + extra).toBe([...(typed.join('') + current)].length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('secondsOf', () => {
  it('gives the speed up to, and the keystrokes and errors within each second', () => {
    const keys: Keystroke[] = [
      ...evenly([...'hello wxr'], 110),
      ...evenly([BACKSPACE, BACKSPACE, 'o', 'r', 'l', 'd'], 110),
    ];
    expect(secondsOf(wordsOf('hello world'), any, keys)).toEqual([
      { second: 1, wpm: 72, raw: 108, errors: 1 },
      { second: 1.65, wpm: 80, raw: 73.85, errors: 0 },
    ]);
  });

  it('covers every keystroke of the round once', () => {
    const round = arbitraryText.chain((text) =>
      fc.tuple(fc.constant(text), arbitraryRules, arbitraryKeystrokes(text)),
    );
    fc.assert(
      fc.property(round, ([text, rules, keystrokes]) => {
        const words = wordsOf(text);
        const seconds = secondsOf(words, rules, keystrokes);
        const { incorrect } = replay(words, rules, keystrokes).keystrokes;
        expect(seconds.reduce((sum, { errors }) => sum + errors, 0)).toBe(
          seconds.length ? incorrect : 0,
        );
        const last = seconds.at(-1);
        if (last) expect(last.wpm).toBe(statisticsOf(words, rules, keystrokes).wpm);
      }),
      { numRuns: 300 },
    );
  });

  it('ends with the longest round, whatever the times of the keystrokes are', () => {
    const keys: Keystroke[] = [[1e300, 'a']];
    expect(secondsOf(wordsOf('ab'), any, keys)).toHaveLength(3_600);
    expect(secondsOf(wordsOf('ab'), { advance: 'any', limitMs: Infinity }, [])).toHaveLength(3_600);
  });
});
