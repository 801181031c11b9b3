import { type FinishedMatch } from '@typerush/contracts';
import fc from 'fast-check';

const hundredths = (max: number) => fc.integer({ min: 0, max: max * 100 }).map((n) => n / 100);
const count = fc.integer({ min: 0, max: 100_000 });
const times = fc
  .date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

const participant = fc.record({
  playerId: fc.uuid(),
  name: fc
    .string({ unit: 'grapheme', minLength: 2, maxLength: 20 })
    .map((name) => name.normalize('NFC').trim()),
  rank: fc.constant(1),
  wpm: hundredths(1_000),
  raw: hundredths(1_000),
  accuracy: hundredths(100),
  consistency: hundredths(100),
  characters: fc.record({ correct: count, incorrect: count, extra: count, missed: count }),
});

/** Most of them pass the contract; check with its schema. */
export const finishedMatches: fc.Arbitrary<FinishedMatch> = fc
  .record({
    raceId: fc.uuid(),
    round: fc.integer({ min: 1, max: 100 }),
    mode: fc.constantFrom('type-race', 'wave-rush'),
    passage: fc.record({
      list: fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/),
      version: fc.integer({ min: 1, max: 10_000 }),
      seed: fc.integer({ min: 0, max: 0xffff_ffff }),
    }),
    times: fc.tuple(times, times),
    participants: fc.array(participant, { minLength: 1, maxLength: 8 }),
  })
  .map(({ times: [one, other], ...match }) => ({
    ...match,
    startedAt: one < other ? one : other,
    finishedAt: one < other ? other : one,
  }));
