import { readBests, readHistory, readLeaderboard, readProfile, readRecords } from './record-bodies';

const figures = { wpm: 80, raw: 82, accuracy: 98, consistency: 90 };
const entry = { rank: 1, playerId: 'p', name: 'Ada', ...figures, achievedAt: '2026-01-01' };
const match = {
  raceId: 'r',
  round: 1,
  mode: 'time',
  passage: {},
  rules: {},
  finishedAt: '2026-01-01',
  players: [{ ...entry, unranked: [] }],
};
const profile = {
  ...entry,
  matches: 1,
  ranked: 1,
  wins: 0,
  typedMs: 9,
  keystrokes: 9,
  averages: figures,
};

describe('bodies of the records', () => {
  it.each([
    ['a leaderboard', readLeaderboard, { entries: [entry], players: 1, next: null }],
    ['records', readRecords, { modes: [{ boards: [{ board: 'b', players: 1, record: entry }] }] }],
    ['a profile', readProfile, profile],
    ['a profile without a ranked result', readProfile, { ...profile, averages: null }],
    ['personal bests', readBests, { bests: [{ board: 'b', ...figures }] }],
    ['a history', readHistory, { matches: [match], next: 'c' }],
  ] as const)('are read: %s', (_name, read, body) => {
    expect(read(body)).toBe(body);
  });

  it.each([readLeaderboard, readRecords, readProfile, readBests, readHistory])(
    'of another shape are rejected by %p, and nothing is thrown',
    (read) => {
      const shapes = [
        ...[null, undefined, 'text', 7, [], {}],
        { entries: [null], players: 1, next: null },
        { entries: [{ ...entry, wpm: '80' }], players: 1, next: null },
        { modes: [{}] },
        { ...profile, averages: {} },
        { bests: {} },
        { matches: [{ ...match, players: [{}] }], next: null },
      ];
      for (const body of shapes) expect(read(body)).toBeUndefined();
    },
  );
});
