import { BACKSPACE, replay, statisticsOf, wordsOf } from '@typerush/typing';
import * as fc from 'fast-check';
import { PracticeRun } from './practice-run';

const words = wordsOf('to be');
const untimed = { advance: 'any' } as const;

describe('PracticeRun', () => {
  it('starts with the first character, at 0 ms', () => {
    const run = new PracticeRun(words, untimed);
    run.type(' ', 500);
    run.type(BACKSPACE, 600);
    expect(run.isStarted).toBe(false);
    run.type('t', 1_000);
    run.type('o', 1_120.4);
    expect(run.keystrokes).toEqual([
      [0, 't'],
      [120, 'o'],
    ]);
  });

  it('is over when the text is complete, and takes no more keys', () => {
    const run = new PracticeRun(words, untimed);
    [...'to be'].forEach((key, index) => run.type(key, index * 100));
    expect(run.isOver(500)).toBe(true);
    run.type('x', 600);
    expect(run.keystrokes).toHaveLength(5);
  });

  it('is over at its limit', () => {
    const run = new PracticeRun(words, { advance: 'any', limitMs: 1_000 });
    run.type('t', 0);
    expect(run.remainingMs(400)).toBe(600);
    expect(run.isOver(999)).toBe(false);
    expect(run.isOver(1_000)).toBe(true);
    run.type('o', 1_001);
    expect(run.keystrokes).toHaveLength(1);
  });

  it('is over when it is ended', () => {
    const run = new PracticeRun(words, untimed);
    run.type('t', 0);
    run.end();
    expect(run.isOver(1)).toBe(true);
  });

  it('has the state that a replay of its keystrokes gives, even if clocks step back', () => {
    const keys = fc.array(fc.tuple(fc.constantFrom('t', 'o', ' ', 'b', BACKSPACE), fc.nat(2_000)));
    fc.assert(
      fc.property(keys, (typed) => {
        const run = new PracticeRun(words, { advance: 'any', limitMs: 5_000 });
        for (const [key, at] of typed) run.type(key, at);
        expect(replay(words, run.rules, run.keystrokes)).toEqual(run.state);
        const { wpm, raw } = statisticsOf(words, run.rules, run.keystrokes);
        expect(wpm).toBeLessThanOrEqual(raw);
      }),
    );
  });
});
