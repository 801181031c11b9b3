import {
  type GameMode,
  type RaceStanding,
  rankPlaces,
  type Standing,
  type UnrankedReason,
} from '@typerush/contracts';
import { findImplausibilities, statisticsOf } from '@typerush/typing';
import { type Racer } from './racer';
import { type RoundPlan } from './round-plan';
import { type Track } from './track';

/** What each racer made of a round. The ranked come first, best first. */
export function standingsOf(
  mode: GameMode,
  plan: RoundPlan,
  tracks: ReadonlyMap<Racer, Track>,
): Standing[] {
  const standings = [...tracks].map(([racer, track]) => {
    const statistics = statisticsOf(plan.words, plan.rules, track.keystrokes);
    const { playerId, name, bot } = racer;
    const implausible = findImplausibilities(statistics, track.keystrokes, track.arrivals);
    const unranked: UnrankedReason[] = bot
      ? ['bot']
      : [...unfinished(mode, racer, track), ...implausible];
    const timeMs = track.timeMs ?? null;
    return {
      playerId,
      name,
      isBot: bot !== undefined,
      rank: null,
      unranked,
      timeMs,
      ...statistics,
    };
  });
  // A race is won by time, a wave by speed.
  const isBetter = (one: Standing, other: Standing) =>
    mode === 'type-race'
      ? (one.timeMs ?? Infinity) < (other.timeMs ?? Infinity)
      : one.wpm > other.wpm;
  return rankPlaces(standings, isBetter);
}

/** The result of a race from those of its rounds: who is unranked in one of them is unranked. */
export function raceStandingsOf(mode: GameMode, rounds: readonly Standing[][]): RaceStanding[] {
  const [first = []] = rounds;
  if (mode === 'type-race') return first.map(toRaceStanding);
  const standings = first.map((player) => {
    const own = rounds.flatMap((round) => round.filter((one) => one.playerId === player.playerId));
    const wpm = own.reduce((sum, one) => sum + one.wpm, 0) / own.length;
    const unranked = [...new Set(own.flatMap((one) => one.unranked))];
    return { ...toRaceStanding(player), rank: null, unranked, wpm: Math.round(wpm * 100) / 100 };
  });
  return rankPlaces(standings, (one, other) => one.wpm > other.wpm);
}

function unfinished(mode: GameMode, racer: Racer, track: Track): UnrankedReason[] {
  if (track.timeMs !== undefined) return [];
  if (racer.hasLeft) return ['left'];
  return mode === 'type-race' ? ['unfinished'] : [];
}

function toRaceStanding({ playerId, name, isBot, rank, unranked, wpm }: Standing): RaceStanding {
  return { playerId, name, isBot, rank, unranked, wpm };
}
