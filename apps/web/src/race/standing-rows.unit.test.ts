import { type RaceStanding, type RoundResult, type Standing } from '@typerush/contracts';
import { standingRows } from './standing-rows';

const place = { name: 'Ada', isBot: false, rank: 1, unranked: [] };
const race = { raceId: 'r1', standings: [{ ...place, playerId: 'a', wpm: 70 } as RaceStanding] };
const round = (number: number, figures: Partial<Standing>, raceId = 'r1') =>
  ({
    raceId,
    round: number,
    standings: [
      { playerId: 'b', raw: 1, accuracy: 1, consistency: 1, timeMs: 1 },
      { playerId: 'a', raw: 70, accuracy: 97, consistency: 80, timeMs: 9_000, ...figures },
    ],
  }) as RoundResult;

describe('the rows of the standings', () => {
  it('have the figures of the only round', () => {
    expect(standingRows(race, [round(1, {})], 1)).toEqual([
      { ...race.standings[0], details: { raw: 70, accuracy: 97, consistency: 80, timeMs: 9_000 } },
    ]);
  });

  it('have the means of the rounds, to two decimals, and no time', () => {
    const results = [round(1, { raw: 70 }), round(2, { raw: 71 }), round(3, { raw: 71 })];
    expect(standingRows(race, results, 3)[0]?.details).toEqual({
      raw: 70.67,
      accuracy: 97,
      consistency: 80,
      timeMs: null,
    });
  });

  it('have no figures if a round was missed, or belongs to another race', () => {
    const results = [round(1, {}), round(2, {}, 'r0')];
    expect(standingRows(race, results, 2)[0]).toMatchObject({ wpm: 70, details: undefined });
  });
});
