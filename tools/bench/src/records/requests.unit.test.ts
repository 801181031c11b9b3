import { pickTwo, roundNow } from './requests';

const round = {
  raceId: '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11',
  startedAt: '2026-11-21T17:00:00.000Z',
  finishedAt: '2026-11-21T17:00:41.250Z',
  mode: 'type-race',
  players: [
    { playerId: 'a', name: 'Ada', rank: 1 },
    { playerId: 'b', name: 'Bob', rank: 2 },
  ],
};

describe('a round at another time', () => {
  const now = new Date('2026-11-27T00:00:41.250Z');
  const other = roundNow(round, ['c', 'd'], now);

  it('has another id and other players, and takes as long', () => {
    expect(other.raceId).not.toBe(round.raceId);
    expect(other).toMatchObject({
      startedAt: '2026-11-27T00:00:00.000Z',
      finishedAt: '2026-11-27T00:00:41.250Z',
    });
    expect(other.players).toEqual([
      { playerId: 'c', name: 'Ada', rank: 1 },
      { playerId: 'd', name: 'Bob', rank: 2 },
    ]);
  });

  it('leaves the given round as it is', () => expect(round.players[0]?.playerId).toBe('a'));
});

it('picks two different players', () => {
  for (let n = 0; n < 100; n += 1) {
    const [one, other] = pickTwo(['a', 'b', 'c']);
    expect(one).not.toBe(other);
  }
});
