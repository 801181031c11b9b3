import { type ClientBase } from 'pg';

/** The rows that the service derives from matches, as queries that compute them from scratch. */

/** In the order of the columns of `bests`: a player's fastest ranked result of each board and period, the first of equal ones. */
export const bestsOfMatches = `
  SELECT DISTINCT ON (player_id, period, starts_on, board) player_id, period, starts_on, board, wpm, raw, accuracy,
    consistency, p.finished_at, race_id, round
  FROM participants p JOIN matches m USING (race_id, round) CROSS JOIN LATERAL (VALUES
    ('all', date '1970-01-01'),
    ('day', (p.finished_at AT TIME ZONE 'UTC')::date),
    ('week', date_trunc('week', p.finished_at AT TIME ZONE 'UTC')::date)
  ) AS t(period, starts_on)
  WHERE rank IS NOT NULL AND wpm > 0 AND board IS NOT NULL
  ORDER BY player_id, period, starts_on, board, wpm DESC, p.finished_at, race_id, round`;

/** In the order of the columns of `speed_counts`. */
export const speedCountsOfBests = `
  SELECT board, period, starts_on, floor(wpm)::smallint, count(*)::integer FROM bests
  GROUP BY board, period, starts_on, floor(wpm)`;

/** Without the typed time and the keystrokes, which only the replays have. */
export const playersOfMatches = {
  columns: `player_id, name, first_played_at, last_played_at, matches, ranked, wins, wpm_sum, raw_sum, accuracy_sum,
    consistency_sum`,
  select: `
    SELECT player_id, (array_agg(name ORDER BY finished_at DESC, name DESC))[1] AS name, min(started_at), max(finished_at),
      count(*)::integer, count(rank)::integer, (count(*) FILTER (WHERE rank = 1 AND is_contest))::integer,
      coalesce(sum(wpm) FILTER (WHERE rank IS NOT NULL), 0), coalesce(sum(raw) FILTER (WHERE rank IS NOT NULL), 0),
      coalesce(sum(accuracy) FILTER (WHERE rank IS NOT NULL), 0),
      coalesce(sum(consistency) FILTER (WHERE rank IS NOT NULL), 0)
    FROM (
      SELECT p.*, m.started_at, count(p.rank) OVER (PARTITION BY race_id, round) > 1 AS is_contest
      FROM participants p JOIN matches m USING (race_id, round) WHERE NOT is_bot
    ) results
    GROUP BY player_id`,
};

/** How many rows of a table the service got wrong, has too many, or lacks. */
export interface WrongRows {
  readonly bests: number;
  readonly speedCounts: number;
  readonly players: number;
}

/** Compares all derived rows with a recomputation. */
export async function countWrongRows(client: ClientBase): Promise<WrongRows> {
  const { columns, select } = playersOfMatches;
  return {
    bests: await differences('SELECT * FROM bests', bestsOfMatches),
    // The service leaves counts of 0.
    speedCounts: await differences(
      'SELECT * FROM speed_counts WHERE players <> 0',
      speedCountsOfBests,
    ),
    players: await differences(`SELECT ${columns} FROM players`, select),
  };

  async function differences(stored: string, computed: string): Promise<number> {
    const { rows } = await client.query<{ count: number }>(`
      WITH stored AS MATERIALIZED (${stored}), computed AS MATERIALIZED (${computed})
      SELECT count(*)::integer FROM (
        (SELECT * FROM stored EXCEPT ALL SELECT * FROM computed)
        UNION ALL (SELECT * FROM computed EXCEPT ALL SELECT * FROM stored)
      ) different`);
    return rows[0]?.count ?? NaN;
  }
}
