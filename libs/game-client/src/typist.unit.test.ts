import { findImplausibilities, replay, statisticsOf, wordsOf } from '@typerush/typing';
import fc from 'fast-check';
import { typist } from './typist';

const text = 'the quick brown fox jumps over the lazy dog and rests a while in the warm summer sun';
const words = wordsOf(text);

/** From 0 up to 1; enough for a test, and the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807 + 11) % 2_147_483_647) / 2_147_483_647;
}

describe('a typist', () => {
  it('completes the text, as a person could, at about its speed', () => {
    const skills = fc.record({
      wpm: fc.integer({ min: 10, max: 250 }),
      errorRate: fc.double({ min: 0, max: 0.3, noNaN: true }),
    });
    fc.assert(
      fc.property(skills, fc.integer({ min: 1, max: 1e9 }), (skill, seed) => {
        const keystrokes = typist(words, skill, seeded(seed));
        const rules = { advance: 'correct' } as const;
        expect(replay(words, rules, keystrokes).finishedAtMs).toBeDefined();
        const statistics = statisticsOf(words, rules, keystrokes);
        expect(findImplausibilities(statistics, keystrokes)).toEqual([]);
        expect(statistics.raw).toBeGreaterThan(skill.wpm * 0.6);
        expect(statistics.wpm).toBeLessThan(skill.wpm * 1.3);
      }),
    );
  });

  it('makes no error with the rate 0, and corrects those it makes', () => {
    const perfect = typist(words, { wpm: 60, errorRate: 0 }, seeded(1));
    expect(perfect.map(([, key]) => key).join('')).toBe(text);
    const sloppy = typist(words, { wpm: 60, errorRate: 0.3 }, seeded(1));
    expect(sloppy.length).toBeGreaterThan(perfect.length + 20);
  });
});
