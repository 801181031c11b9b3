import { passageReferenceSchema } from '@typerush/contracts';
import { typeRace, waveRush } from '../../test/game-fixtures';
import { planRound } from './round-plan';

describe('planRound', () => {
  it('plans a text that has to be correct, with time for ten words a minute', () => {
    const plan = planRound({ ...typeRace.game, words: 100 } as typeof typeRace.game, 7);
    expect(plan.rules).toEqual({ advance: 'correct' });
    expect(plan.words).toHaveLength(100);
    const characters = plan.words.reduce((sum, word) => sum + word.length + 1, -1);
    expect(plan.offsets).toHaveLength(101);
    expect(plan.offsets.slice(0, 2)).toEqual([0, (plan.words[0]?.length ?? 0) + 1]);
    expect(plan.offsets.at(-1)).toBe(characters + 1);
    expect(plan.limitMs).toBe(characters * 1_200);
  });

  it('plans a wave that ends by its time, with a text that nobody completes', () => {
    const plan = planRound(waveRush.game, 7);
    expect(plan.rules).toEqual({ advance: 'any', limitMs: 5_000 });
    expect(plan.words).toHaveLength(50);
  });

  it('gives the same text for the same seed, and a reference of the contract', () => {
    for (const { game } of [typeRace, waveRush]) {
      expect(planRound(game, 7)).toEqual(planRound(game, 7));
      expect(planRound(game, 7).words).not.toEqual(planRound(game, 8).words);
      expect(passageReferenceSchema.parse(planRound(game, 7).passage)).toMatchObject({ seed: 7 });
    }
    const quote = planRound({ ...typeRace.game, list: 'quotes' } as typeof typeRace.game, 7);
    expect(quote.passage).toEqual({ list: 'quotes', version: 1, seed: 7 });
  });
});
