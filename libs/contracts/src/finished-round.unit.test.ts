import fc from 'fast-check';
import { type FinishedRound, finishedRoundSchema, recordedMatchSchema } from './finished-round';
import { areRanksSound } from './ranks';

const ada = {
  playerId: '0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a',
  name: 'Ada',
  isBot: false,
  rank: 1,
  unranked: [],
  timeMs: 41_250,
  wpm: 92.35,
  raw: 97.12,
  accuracy: 98.4,
  consistency: 81.07,
  characters: { correct: 312, incorrect: 3, extra: 1, missed: 0 },
  keystrokes: [[120, 't'] as const],
  arrivals: [[1, 300] as const],
};
const grace = { ...ada, playerId: '7f0f0ac2-7d0b-4b7e-8f5e-3f3c9d1f2a10', name: 'Grace' };

const round: FinishedRound = {
  raceId: '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11',
  round: 1,
  mode: 'type-race',
  passage: { list: 'english-1k', version: 1, seed: 20_261_121, words: 25 },
  rules: { advance: 'correct' },
  startedAt: '2026-11-21T17:00:00.000Z',
  finishedAt: '2026-11-21T17:00:41.250Z',
  typingVersion: 1,
  players: [ada, { ...grace, rank: 2 }],
};

function problems(value: unknown): string[] {
  const result = finishedRoundSchema.safeParse(value);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
}

describe('a finished round', () => {
  it('is accepted as it is', () => expect(finishedRoundSchema.parse(round)).toEqual(round));

  it('may end in the millisecond it started in', () => {
    expect(problems({ ...round, finishedAt: round.startedAt })).toEqual([]);
  });

  it('compares race ids without their case', () => {
    const shouted = { ...round, raceId: round.raceId.toUpperCase() };
    expect(finishedRoundSchema.parse(shouted).raceId).toBe(round.raceId);
  });

  it('may have one player and no more than eight', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...ada,
        playerId: `0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3${index}`,
      }));
    expect(problems({ ...round, players: many(1) })).toEqual([]);
    expect(problems({ ...round, players: many(8) })).toEqual([]);
    expect(problems({ ...round, players: many(9) })).toContain('players');
    expect(problems({ ...round, players: [] })).toContain('players');
  });

  it.each([
    ['an unknown field', { ...round, winner: 'Ada' }, ''],
    ['an unknown field of a player', withPlayer({ cheat: true }), 'players.0'],
    ['a race id that is not a UUID', { ...round, raceId: 'race-1' }, 'raceId'],
    ['round 0', { ...round, round: 0 }, 'round'],
    ['half a round', { ...round, round: 1.5 }, 'round'],
    ['an unknown mode', { ...round, mode: 'sprint' }, 'mode'],
    [
      'a finish before the start',
      { ...round, finishedAt: '2026-11-21T16:59:59.999Z' },
      'finishedAt',
    ],
    ['a day that is not', { ...round, startedAt: '2026-02-30T00:00:00.000Z' }, 'startedAt'],
    ['a start in the year 0', { ...round, startedAt: '0000-01-01T00:00:00.000Z' }, 'startedAt'],
    ['a time without its zone', { ...round, startedAt: '2026-11-21T17:00:00.000' }, 'startedAt'],
    ['a player twice', { ...round, players: [ada, { ...ada, rank: 2 }] }, 'players'],
    ['no player on rank 1', { ...round, players: [{ ...ada, rank: 2 }] }, 'players'],
    ['an infinite speed', withPlayer({ wpm: Infinity }), 'players.0.wpm'],
    ['a negative speed', withPlayer({ wpm: -1 }), 'players.0.wpm'],
    ['an unknown reason', withPlayer({ unranked: ['slow'] }), 'players.0.unranked.0'],
    ['half a keystroke', withPlayer({ keystrokes: [[1]] }), 'players.0.keystrokes.0'],
    ['an arrival of nothing', withPlayer({ arrivals: [[0, 5]] }), 'players.0.arrivals.0.0'],
    ['a race that may skip words', { ...round, rules: { advance: 'any' } }, 'rules'],
    ['a wave without an end', { ...round, mode: 'wave-rush', rules: { advance: 'any' } }, 'rules'],
    ['two players in practice', { ...round, mode: 'quote', rules: { advance: 'any' } }, 'players'],
    ['over 100 % accuracy', withPlayer({ accuracy: 100.01 }), 'players.0.accuracy'],
    [
      'half a character',
      withPlayer({ characters: { ...ada.characters, extra: 0.5 } }),
      'players.0.characters.extra',
    ],
    [
      'a seed beyond 32 bits',
      { ...round, passage: { ...round.passage, seed: 2 ** 32 } },
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

describe('a recorded match', () => {
  const { raceId, mode, passage, rules, startedAt, finishedAt, players } = round;
  const recorded = {
    ...{ raceId, round: round.round, mode, passage, rules, startedAt, finishedAt },
    players: players.map(
      ({ keystrokes: _keystrokes, arrivals: _arrivals, ...standing }) => standing,
    ),
    recordedAt: '2026-11-21T17:00:42.000Z',
  };

  it('is accepted as it is', () => expect(recordedMatchSchema.parse(recorded)).toEqual(recorded));

  it('has no replays', () => {
    expect(recordedMatchSchema.safeParse({ ...recorded, players }).success).toBe(false);
  });
});

function withPlayer(change: object): unknown {
  return { ...round, players: [{ ...ada, ...change }] };
}
