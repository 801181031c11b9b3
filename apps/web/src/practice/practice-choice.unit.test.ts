import { passageOf } from '@typerush/passages';
import { boardOfMatch, practiceSettingsSchema } from '@typerush/contracts';
import * as fc from 'fast-check';
import {
  boardOfChoice,
  firstChoice,
  isPracticeChoice,
  localPassage,
  localRules,
  type PracticeChoice,
  practiceModes,
  practiceSeconds,
  practiceWords,
  settingsOf,
  wordLists,
} from './practice-choice';

const choices: fc.Arbitrary<PracticeChoice> = fc.record({
  mode: fc.constantFrom(...practiceModes),
  seconds: fc.constantFrom(...practiceSeconds),
  words: fc.constantFrom(...practiceWords),
  list: fc.constantFrom(...wordLists),
  punctuation: fc.boolean(),
  numbers: fc.boolean(),
});

describe('a practice choice', () => {
  it('makes settings that the contract accepts', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        expect(practiceSettingsSchema.parse(settingsOf(choice))).toEqual(settingsOf(choice));
      }),
    );
  });

  it('makes a passage that exists, whatever the seed', () => {
    fc.assert(
      fc.property(choices, fc.integer({ min: 0, max: 0xffff_ffff }), (choice, seed) => {
        const { text } = passageOf(localPassage(choice, seed));
        expect(text.length).toBeGreaterThan(0);
        if (choice.mode === 'words') expect(text.split(' ')).toHaveLength(choice.words);
      }),
      { numRuns: 30 },
    );
  });

  it('leads to the leaderboard that record-service puts its result on', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const match = {
          mode: choice.mode,
          passage: localPassage(choice, 1),
          rules: localRules(choice),
        };
        expect(boardOfChoice(choice)).toEqual(boardOfMatch(match));
      }),
    );
  });

  it('limits the time only if time ends it', () => {
    expect(localRules({ ...firstChoice, mode: 'time', seconds: 15 }).limitMs).toBe(15_000);
    expect(localRules({ ...firstChoice, mode: 'open' })).toEqual({ advance: 'any' });
  });

  it.each([null, {}, { ...firstChoice, seconds: 31 }, { ...firstChoice, mode: 'zen' }])(
    'is not %j',
    (value) => expect(isPracticeChoice(value)).toBe(false),
  );
});
