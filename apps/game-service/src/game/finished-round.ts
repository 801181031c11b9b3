import {
  type FinishedRound,
  type GameMode,
  type MatchKey,
  type Standing,
} from '@typerush/contracts';
import { TYPING_VERSION } from '@typerush/typing';
import { type Racer } from './racer';
import { type RoundPlan } from './round-plan';
import { type Track } from './track';

/** What is recorded of a round that is over. */
export function finishedRoundOf(round: {
  raceId: MatchKey['raceId'];
  round: MatchKey['round'];
  mode: GameMode;
  plan: RoundPlan;
  startAt: number;
  now: number;
  tracks: ReadonlyMap<Racer, Track>;
  standings: readonly Standing[];
}): FinishedRound {
  const { plan, startAt, now, tracks, standings } = round;
  const tracksById = new Map([...tracks].map(([{ playerId }, track]) => [playerId, track]));
  return {
    raceId: round.raceId,
    round: round.round,
    mode: round.mode,
    passage: plan.passage,
    startedAt: timestamp(startAt),
    // A clock that was set back must not make a match end before it starts.
    finishedAt: timestamp(Math.max(startAt, now)),
    typingVersion: TYPING_VERSION,
    rules: plan.rules,
    players: standings.map((standing) => {
      const { keystrokes = [], arrivals = [] } = tracksById.get(standing.playerId) ?? {};
      return {
        ...standing,
        keystrokes: [...keystrokes],
        arrivals: arrivals.map((arrival) => [arrival.keystrokes, arrival.receivedMs] as const),
      };
    }),
  };
}

function timestamp(time: number): string {
  return new Date(Math.round(time)).toISOString();
}
