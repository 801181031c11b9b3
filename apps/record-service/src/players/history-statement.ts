import { type MatchKey, type MatchMode, type PlayerId, type Timestamp } from '@typerush/contracts';
import { Prisma } from '../generated/client';

/** Where a match is in the order of a history. */
export interface PlayedMatch extends MatchKey {
  readonly finishedAt: Timestamp;
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
