import { type BoardId, periodSchema, type Timestamp } from '@typerush/contracts';
import { Prisma } from '../generated/client';
import { type NewMatch } from '../matches/new-match';
import { periodOf, type PeriodStart } from './periods';

/** A leaderboard: one board in one period. */
export interface Leaderboard extends PeriodStart {
  readonly board: BoardId;
}

/** Where an entry is in the order of a leaderboard. */
export interface Position {
  readonly wpm: number;
  readonly achievedAt: Timestamp;
  readonly playerId: string;
}

/** Which neighbours of a position. */
export type Direction = 'after' | 'before';

/**
 * Puts the ranked results of a match on its leaderboards, where they are better than what each player has there: faster, or
 * as fast and earlier. The order in which matches are written makes no difference. Undefined if there is nothing to put.
 */
export function improveBests({ round, board, players }: NewMatch): Prisma.Sql | undefined {
  const results = players.filter(({ rank, wpm }) => rank !== null && wpm > 0);
  if (board === null || results.length === 0) return undefined;
  const rows = periodSchema.options.flatMap((name) => {
    const { period, startsOn } = periodOf(name, round.finishedAt);
    return results.map(({ playerId, wpm, raw, accuracy, consistency }) => ({
      ...{ player_id: playerId, period, starts_on: startsOn },
      ...{ wpm, raw, accuracy, consistency },
    }));
  });
  // The rows of `players` are locked, so that no other transaction changes a best between `old` and `improved`.
  return Prisma.sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS t(player_id uuid, period varchar, starts_on date,
        wpm numeric, raw numeric, accuracy numeric, consistency numeric)
    ), old AS (
      SELECT b.player_id, b.period, b.starts_on, b.wpm FROM bests b
      JOIN given USING (player_id, period, starts_on) WHERE b.board = ${board}
    ), improved AS (
      INSERT INTO bests AS b (player_id, period, starts_on, board, wpm, raw, accuracy, consistency, achieved_at, race_id, round)
      SELECT player_id, period, starts_on, ${board}, wpm, raw, accuracy, consistency, ${round.finishedAt}::timestamptz,
        ${round.raceId}::uuid, ${round.round}::smallint
      FROM given ORDER BY player_id, period, starts_on
      ON CONFLICT (player_id, period, starts_on, board) DO UPDATE SET
        wpm = excluded.wpm, raw = excluded.raw, accuracy = excluded.accuracy, consistency = excluded.consistency,
        achieved_at = excluded.achieved_at, race_id = excluded.race_id, round = excluded.round
      WHERE excluded.wpm > b.wpm OR (excluded.wpm = b.wpm AND
        (excluded.achieved_at, excluded.race_id, excluded.round) < (b.achieved_at, b.race_id, b.round))
      RETURNING b.player_id, b.period, b.starts_on, b.wpm
    ), change AS (
      SELECT period, starts_on, floor(wpm)::smallint AS speed, 1 AS players FROM improved
      UNION ALL
      SELECT o.period, o.starts_on, floor(o.wpm)::smallint, -1 FROM old o JOIN improved USING (player_id, period, starts_on)
    )
    INSERT INTO speed_counts AS c (board, period, starts_on, speed, players)
    SELECT ${board}, period, starts_on, speed, sum(players) FROM change
    GROUP BY period, starts_on, speed HAVING sum(players) <> 0 ORDER BY period, starts_on, speed
    ON CONFLICT (board, period, starts_on, speed) DO UPDATE SET players = c.players + excluded.players`;
}

/** Of the rows `b` of bests and `p` of players. */
const entryColumns = Prisma.sql`b.player_id AS "playerId", p.name, b.wpm::float8, b.raw::float8, b.accuracy::float8,
      b.consistency::float8, b.achieved_at AS "achievedAt", b.race_id AS "raceId", b.round`;

/** At most `limit` entries from a position on, or from the top. The cost does not depend on how many there are. */
export function selectEntries(
  { board, period, startsOn }: Leaderboard,
  limit: number,
  from?: { position: Position; direction: Direction },
): Prisma.Sql {
  const isAfter = from?.direction !== 'before';
  const order = isAfter
    ? Prisma.sql`b.wpm DESC, b.achieved_at, b.player_id`
    : Prisma.sql`b.wpm, b.achieved_at DESC, b.player_id DESC`;
  return Prisma.sql`
    SELECT ${entryColumns}
    FROM (
      SELECT * FROM bests b
      WHERE b.board = ${board} AND b.period = ${period} AND b.starts_on = ${startsOn}::date ${from ? beyond(from) : Prisma.empty}
      ORDER BY ${order} LIMIT ${limit}::integer
    ) b JOIN players p USING (player_id)
    ORDER BY b.wpm DESC, b.achieved_at, b.player_id`;
}

/** The first condition, which the second one implies, bounds the scan of the index. */
function beyond({ position, direction }: { position: Position; direction: Direction }): Prisma.Sql {
  const wpm = Prisma.sql`${position.wpm}::numeric(6, 2)`;
  const tie = tieOf(position);
  return direction === 'after'
    ? Prisma.sql`AND b.wpm <= ${wpm} AND (b.wpm < ${wpm} OR (b.achieved_at, b.player_id) > ${tie})`
    : Prisma.sql`AND b.wpm >= ${wpm} AND (b.wpm > ${wpm} OR (b.achieved_at, b.player_id) < ${tie})`;
}

const tieOf = ({ achievedAt, playerId }: Position): Prisma.Sql =>
  Prisma.sql`(${achievedAt}::timestamptz, ${playerId}::uuid)`;

/** How many players a leaderboard has, how many of them are faster than a position, and how many are as fast and before it. */
export function countPlayers(
  { board, period, startsOn }: Leaderboard,
  position: Position,
): Prisma.Sql {
  const speed = Math.floor(position.wpm);
  const wpm = Prisma.sql`${position.wpm}::numeric(6, 2)`;
  return Prisma.sql`
    WITH near AS (
      SELECT count(*) FILTER (WHERE wpm > ${wpm}) AS faster,
        count(*) FILTER (WHERE wpm = ${wpm} AND (achieved_at, player_id) < ${tieOf(position)}) AS tied
      FROM bests
      WHERE board = ${board} AND period = ${period} AND starts_on = ${startsOn}::date
        AND wpm >= ${wpm} AND wpm < ${speed + 1}::numeric(6, 2)
    )
    SELECT coalesce(sum(players), 0)::integer AS players,
      (coalesce(sum(players) FILTER (WHERE speed > ${speed}::smallint), 0) + (SELECT faster FROM near))::integer AS faster,
      (SELECT tied FROM near)::integer AS tied
    FROM speed_counts WHERE board = ${board} AND period = ${period} AND starts_on = ${startsOn}::date`;
}

export function selectEntryOf(
  { board, period, startsOn }: Leaderboard,
  playerId: string,
): Prisma.Sql {
  return Prisma.sql`
    SELECT ${entryColumns} FROM bests b JOIN players p USING (player_id)
    WHERE b.player_id = ${playerId}::uuid AND b.period = ${period} AND b.starts_on = ${startsOn}::date AND b.board = ${board}`;
}

/** The boards of all time that most players have a result on, each with its first entry. */
export function selectRecords(limit: number): Prisma.Sql {
  const { period, startsOn } = periodOf('all', new Date());
  return Prisma.sql`
    SELECT most.board, most.players::integer, record.* FROM (
      SELECT board, sum(players) AS players FROM speed_counts
      WHERE period = ${period} AND starts_on = ${startsOn}::date
      GROUP BY board HAVING sum(players) > 0 ORDER BY players DESC, board LIMIT ${limit}::integer
    ) most CROSS JOIN LATERAL (
      SELECT ${entryColumns} FROM bests b JOIN players p USING (player_id)
      WHERE b.board = most.board AND b.period = ${period} AND b.starts_on = ${startsOn}::date
      ORDER BY b.wpm DESC, b.achieved_at, b.player_id LIMIT 1
    ) record
    ORDER BY most.board`;
}
