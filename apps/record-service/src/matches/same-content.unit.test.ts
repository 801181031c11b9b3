import fc from 'fast-check';
import { finishedMatches } from '../../test/arbitrary-match';
import { sampleMatch, sampleParticipant } from '../../test/sample-match';
import { sameContent } from './same-content';

describe('the content of two matches', () => {
  const match = sampleMatch();
  const [first, second] = match.participants;

  it('is the same in any order of participants and fields', () => {
    fc.assert(
      fc.property(finishedMatches, (one) => {
        const other = Object.fromEntries(Object.entries(one).reverse()) as typeof one;
        expect(sameContent(one, { ...other, participants: [...one.participants].reverse() })).toBe(
          true,
        );
      }),
    );
  });

  it('is the same with 0 and with -0', () => {
    const zero = sampleParticipant({ wpm: 0 });
    const one = { ...match, participants: [zero] };
    expect(sameContent(one, { ...one, participants: [{ ...zero, wpm: -0 }] })).toBe(true);
  });

  it.each([
    ['race', { raceId: sampleMatch().raceId }],
    ['round', { round: 2 }],
    ['mode', { mode: 'wave-rush' as const }],
    ['passage', { passage: { ...match.passage, seed: 1 } }],
    ['start', { startedAt: '2026-11-21T16:59:59.999Z' }],
    ['finish', { finishedAt: '2026-11-21T17:00:41.258Z' }],
    ['number of participants', { participants: [first!] }],
    ['name', { participants: [{ ...first!, name: 'Eve' }, second!] }],
    ['rank', { participants: [first!, { ...second!, rank: 1 }] }],
    ['speed', { participants: [{ ...first!, wpm: 92.36 }, second!] }],
    [
      'characters',
      { participants: [{ ...first!, characters: { ...first!.characters, missed: 1 } }, second!] },
    ],
  ])('differs with another %s', (_what, change) => {
    expect(sameContent(match, { ...match, ...change })).toBe(false);
  });
});
