import { type MatchKey, type MatchMode, type PlayerId, type Timestamp } from '@typerush/contracts';
import { Prisma } from '../generated/client';

/** Where a match is in the order of a history. */
export interface PlayedMatch extends MatchKey {
  readonly finishedAt: Timestamp;
}

/** The sums of all that a player did: at most one row. */
export function selectSums(playerId: PlayerId): Prisma.Sql {
  return Prisma.sql`
    SELECT player_id AS "playerId", name, first_played_at AS "firstPlayedAt", last_played_at AS "lastPlayedAt",
      matches, ranked, wins, typed_ms::float8 AS "typedMs", keystrokes::float8, wpm_sum::float8 AS "wpmSum",
      raw_sum::float8 AS "rawSum", accuracy_sum::float8 AS "accuracySum", consistency_sum::float8 AS "consistencySum"
    FROM players WHERE player_id = ${playerId}::uuid`;
}

/** A player's bests of all time, by board. */
export function selectBests(playerId: PlayerId): Prisma.Sql {
  return Prisma.sql`
    SELECT board, wpm::float8, raw::float8, accuracy::float8, consistency::float8, achieved_at AS "achievedAt",
      race_id AS "raceId", round
    FROM bests WHERE player_id = ${playerId}::uuid AND period = 'all' ORDER BY board`;
}

/** The keys of a player's matches, the latest first. */
export function selectHistory(
  playerId: PlayerId,
  limit: number,
  { mode, after }: { mode?: MatchMode | undefined; after?: PlayedMatch | undefined },
): Prisma.Sql {
  const ofMode = mode ? Prisma.sql`AND mode = ${mode}` : Prisma.empty;
  const older = after
    ? Prisma.sql`AND (finished_at, race_id, round) <
        (${after.finishedAt}::timestamptz, ${after.raceId}::uuid, ${after.round}::smallint)`
    : Prisma.empty;
  return Prisma.sql`
    SELECT race_id AS "raceId", round FROM participants
    WHERE player_id = ${playerId}::uuid ${ofMode} ${older}
    ORDER BY finished_at DESC, race_id DESC, round DESC LIMIT ${limit}::integer`;
}
