import { type PracticeSettings, practiceSettingsSchema } from '@typerush/contracts';
import { passageOf } from '@typerush/passages';
import { planPractice } from './practice-plan';

const options = { list: 'english-1k', punctuation: true, numbers: false } as const;

describe('the plan of a practice', () => {
  it.each<[PracticeSettings, number, number | undefined]>([
    [{ mode: 'time', seconds: 15, ...options }, 75, 15_000],
    [{ mode: 'time', seconds: 120, ...options }, 600, 120_000],
    [{ mode: 'words', words: 100, ...options }, 100, undefined],
    [{ mode: 'open', ...options }, 2_000, undefined],
  ])('has the words and the limit of %j', (settings, words, limitMs) => {
    const { mode, passage, rules } = planPractice(practiceSettingsSchema.parse(settings), 7);
    expect(mode).toBe(settings.mode);
    expect(passage).toMatchObject({ seed: 7, words, list: 'english-1k', punctuation: true });
    expect(passageOf(passage).text.split(' ')).toHaveLength(words);
    expect(rules).toEqual({ advance: 'any', ...(limitMs && { limitMs }) });
  });

  it('selects a quote by the seed', () => {
    const texts = [1, 2, 3, 4].map((seed) =>
      passageOf(planPractice({ mode: 'quote' }, seed).passage),
    );
    expect(new Set(texts.map(({ text }) => text)).size).toBeGreaterThan(1);
  });
});
