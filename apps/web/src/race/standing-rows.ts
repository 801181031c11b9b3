import { type RaceResult, type RaceStanding, type RoundResult } from '@typerush/contracts';

export interface StandingRow extends RaceStanding {
  /** Of the round, or the means of the rounds; undefined if this page did not see all of them. */
  readonly details: Details | undefined;
}

interface Details {
  readonly raw: number;
  readonly accuracy: number;
  readonly consistency: number;
  /** Of a race that has a finish. */
  readonly timeMs: number | null;
}

/** The standings of a race with what its rounds say about each player. */
export function standingRows(
  { raceId, standings }: Pick<RaceResult, 'raceId' | 'standings'>,
  results: readonly RoundResult[],
  rounds: number,
): StandingRow[] {
  const own = results.filter((result) => result.raceId === raceId);
  return standings.map((standing) => {
    const figures = own.flatMap((result) =>
      result.standings.filter(({ playerId }) => playerId === standing.playerId),
    );
    const mean = (figure: 'raw' | 'accuracy' | 'consistency') => {
      const sum = figures.reduce((total, one) => total + one[figure], 0);
      return Math.round((sum / figures.length) * 100) / 100;
    };
    if (figures.length < rounds) return { ...standing, details: undefined };
    return {
      ...standing,
      details: {
        raw: mean('raw'),
        accuracy: mean('accuracy'),
        consistency: mean('consistency'),
        timeMs: rounds === 1 ? (figures[0]?.timeMs ?? null) : null,
      },
    };
  });
}
