import fc from 'fast-check';
import { type FinishedMatch, finishedMatchSchema, recordedMatchSchema } from './finished-match';
import { finishedMatchOf, type FinishedRound, finishedRoundSchema } from './finished-round';
import { areRanksSound, type Participant } from './participant';

const ada: Participant = {
  playerId: '0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a',
  name: 'Ada',
  rank: 1,
  wpm: 92.35,
  raw: 97.12,
  accuracy: 98.4,
  consistency: 81.07,
  characters: { correct: 312, incorrect: 3, extra: 1, missed: 0 },
};
const grace: Participant = {
  ...ada,
  playerId: '7f0f0ac2-7d0b-4b7e-8f5e-3f3c9d1f2a10',
  name: 'Grace',
};

const match: FinishedMatch = {
  raceId: '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11',
  round: 1,
  mode: 'type-race',
  passage: { list: 'english-1k', version: 1, seed: 20_261_121 },
  startedAt: '2026-11-21T17:00:00.000Z',
  finishedAt: '2026-11-21T17:00:41.250Z',
  participants: [ada, { ...grace, rank: 2 }],
};

function problems(value: unknown): string[] {
  const result = finishedMatchSchema.safeParse(value);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
}

describe('a finished match', () => {
  it('is accepted as it is', () => expect(finishedMatchSchema.parse(match)).toEqual(match));

  it('may end in the millisecond it started in', () => {
    expect(problems({ ...match, finishedAt: match.startedAt })).toEqual([]);
  });

  it('compares race ids without their case', () => {
    const shouted = { ...match, raceId: match.raceId.toUpperCase() };
    expect(finishedMatchSchema.parse(shouted).raceId).toBe(match.raceId);
  });

  it('may have one participant and no more than eight', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...ada,
        playerId: `0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3${index}`,
      }));
    expect(problems({ ...match, participants: many(1) })).toEqual([]);
    expect(problems({ ...match, participants: many(8) })).toEqual([]);
    expect(problems({ ...match, participants: many(9) })).toContain('participants');
    expect(problems({ ...match, participants: [] })).toContain('participants');
  });

  it.each([
    ['an unknown field', { ...match, winner: 'Ada' }, ''],
    ['an unknown field of a participant', withParticipant({ cheat: true }), 'participants.0'],
    ['a race id that is not a UUID', { ...match, raceId: 'race-1' }, 'raceId'],
    ['round 0', { ...match, round: 0 }, 'round'],
    ['half a round', { ...match, round: 1.5 }, 'round'],
    ['an unknown mode', { ...match, mode: 'sprint' }, 'mode'],
    [
      'a finish before the start',
      { ...match, finishedAt: '2026-11-21T16:59:59.999Z' },
      'finishedAt',
    ],
    ['a day that is not', { ...match, startedAt: '2026-02-30T00:00:00.000Z' }, 'startedAt'],
    ['a start in the year 0', { ...match, startedAt: '0000-01-01T00:00:00.000Z' }, 'startedAt'],
    ['a time without its zone', { ...match, startedAt: '2026-11-21T17:00:00.000' }, 'startedAt'],
    ['a player twice', { ...match, participants: [ada, { ...ada, rank: 2 }] }, 'participants'],
    ['no participant on rank 1', { ...match, participants: [{ ...ada, rank: 2 }] }, 'participants'],
    ['an infinite speed', withParticipant({ wpm: Infinity }), 'participants.0.wpm'],
    ['a negative speed', withParticipant({ wpm: -1 }), 'participants.0.wpm'],
    ['a third decimal', withParticipant({ wpm: 92.355 }), 'participants.0.wpm'],
    ['over 100 % accuracy', withParticipant({ accuracy: 100.01 }), 'participants.0.accuracy'],
    [
      'half a character',
      withParticipant({ characters: { ...ada.characters, extra: 0.5 } }),
      'participants.0.characters.extra',
    ],
    [
      'a seed beyond 32 bits',
      { ...match, passage: { ...match.passage, seed: 2 ** 32 } },
      'passage.seed',
    ],
  ])('is refused with %s', (_what, value, path) => expect(problems(value)).toContain(path));

  it('lets ties share a rank and use up the next', () => {
    const ranks = (...list: number[]) => areRanksSound(list.map((rank) => ({ rank })));
    expect(ranks(1, 1, 3)).toBe(true);
    expect(ranks(3, 1, 1)).toBe(true);
    expect(ranks(1, 1, 2)).toBe(false);
    expect(ranks(2, 3)).toBe(false);
    expect(ranks(1, 3)).toBe(false);
  });

  it('accepts the ranks that any finishing times give', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 8 }),
        (times) => {
          const ranks = times.map((time) => ({
            rank: 1 + times.filter((other) => other < time).length,
          }));
          expect(areRanksSound(ranks)).toBe(true);
        },
      ),
    );
  });
});

describe('a finished round', () => {
  const { participants, ...facts } = match;
  const round: FinishedRound = {
    ...facts,
    typingVersion: 1,
    rules: { advance: 'correct' },
    players: participants.map((participant) => ({
      ...participant,
      isBot: false,
      unranked: [],
      timeMs: 41_250,
      keystrokes: [[120, 't']],
      arrivals: [[1, 300]],
    })),
  };

  it('is accepted as it is', () => expect(finishedRoundSchema.parse(round)).toEqual(round));

  it('is a match of its ranked players', () => {
    expect(finishedMatchOf(round)).toEqual(match);
    const unranked = round.players.map((player) => ({ ...player, rank: null }));
    const players = [...unranked.slice(0, 1), ...round.players.slice(1)];
    expect(finishedMatchOf({ ...round, players })?.participants).toEqual(participants.slice(1));
    expect(finishedMatchOf({ ...round, players: unranked })).toBeUndefined();
  });
});

describe('a recorded match', () => {
  it('is a finished match with the time it was recorded', () => {
    const recorded = { ...match, recordedAt: '2026-11-21T17:00:42.000Z' };
    expect(recordedMatchSchema.parse(recorded)).toEqual(recorded);
    expect(recordedMatchSchema.safeParse(match).success).toBe(false);
  });
});

function withParticipant(change: object): unknown {
  return { ...match, participants: [{ ...ada, ...change }] };
}
