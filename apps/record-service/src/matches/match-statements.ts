import { Prisma } from '../generated/client';
import { type NewMatch } from './new-match';

/**
 * Each statement has the same text for any number of players: what they did is one JSON parameter. In the order of the
 * functions here, and with players in the order of their ids, any number of writers take their locks in one order.
 */

/** Returns a row only if the key was free. */
export function insertMatch({ round, board, contentHash }: NewMatch): Prisma.Sql {
  const { raceId, mode, passage, rules, startedAt, finishedAt, typingVersion } = round;
  const { list, version, seed, words = null, punctuation = null, numbers = null } = passage;
  return Prisma.sql`
    INSERT INTO matches (race_id, round, mode, board, passage_list, passage_version, passage_seed, passage_words,
      passage_punctuation, passage_numbers, advance, limit_ms, started_at, finished_at, typing_version, content_hash)
    VALUES (${raceId}::uuid, ${round.round}::smallint, ${mode}, ${board}, ${list}, ${version}::integer, ${seed}::bigint,
      ${words}::smallint, ${punctuation}::boolean, ${numbers}::boolean, ${rules.advance}, ${rules.limitMs ?? null}::integer,
      ${startedAt}::timestamptz, ${finishedAt}::timestamptz, ${typingVersion}::smallint, ${contentHash}::bytea)
    ON CONFLICT DO NOTHING
    RETURNING recorded_at`;
}

export function insertParticipants(match: NewMatch): Prisma.Sql {
  const { raceId, round, mode, finishedAt } = match.round;
  return Prisma.sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${participantRows(match)}::jsonb) AS t(player_id uuid, name text, is_bot boolean,
        rank smallint, unranked text[], time_ms integer, wpm numeric, raw numeric, accuracy numeric, consistency numeric,
        correct integer, incorrect integer, extra integer, missed integer, replay text)
    ), participant AS (
      INSERT INTO participants (race_id, round, player_id, name, is_bot, rank, unranked, time_ms, wpm, raw, accuracy,
        consistency, correct, incorrect, extra, missed, mode, finished_at)
      SELECT ${raceId}::uuid, ${round}::smallint, player_id, name, is_bot, rank, unranked, time_ms, wpm, raw, accuracy,
        consistency, correct, incorrect, extra, missed, ${mode}, ${finishedAt}::timestamptz FROM given
    )
    INSERT INTO replays (race_id, round, player_id, content)
    SELECT ${raceId}::uuid, ${round}::smallint, player_id, decode(replay, 'base64') FROM given`;
}

function participantRows({ players }: NewMatch): string {
  return JSON.stringify(
    players.map(({ characters, ...player }) => ({
      player_id: player.playerId,
      name: player.name,
      is_bot: player.isBot,
      rank: player.rank,
      unranked: player.unranked,
      time_ms: player.timeMs,
      wpm: player.wpm,
      raw: player.raw,
      accuracy: player.accuracy,
      consistency: player.consistency,
      ...characters,
      replay: player.replay.toString('base64'),
    })),
  );
}

/** Adds to the sums of every person in the match. From here on this transaction is the only one that changes them. */
export function addToPlayers({ round, players }: NewMatch): Prisma.Sql {
  const people = players.filter(({ isBot }) => !isBot);
  const isContest = people.filter(({ rank }) => rank !== null).length > 1;
  const rows = people.map((player) => ({
    player_id: player.playerId,
    name: player.name,
    ranked: player.rank === null ? 0 : 1,
    wins: isContest && player.rank === 1 ? 1 : 0,
    typed_ms: player.typedMs,
    keystrokes: player.keystrokes,
    wpm: player.wpm,
    raw: player.raw,
    accuracy: player.accuracy,
    consistency: player.consistency,
  }));
  return Prisma.sql`
    INSERT INTO players AS p (player_id, name, first_played_at, last_played_at, matches, ranked, wins, typed_ms, keystrokes,
      wpm_sum, raw_sum, accuracy_sum, consistency_sum)
    SELECT player_id, name, ${round.startedAt}::timestamptz, ${round.finishedAt}::timestamptz, 1, ranked, wins, typed_ms,
      keystrokes, ranked * wpm, ranked * raw, ranked * accuracy, ranked * consistency
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS t(player_id uuid, name text, ranked integer, wins integer,
      typed_ms bigint, keystrokes bigint, wpm numeric, raw numeric, accuracy numeric, consistency numeric)
    ORDER BY player_id
    ON CONFLICT (player_id) DO UPDATE SET
      name = CASE WHEN (excluded.last_played_at, excluded.name) > (p.last_played_at, p.name) THEN excluded.name ELSE p.name END,
      first_played_at = least(p.first_played_at, excluded.first_played_at),
      last_played_at = greatest(p.last_played_at, excluded.last_played_at),
      matches = p.matches + 1,
      ranked = p.ranked + excluded.ranked,
      wins = p.wins + excluded.wins,
      typed_ms = p.typed_ms + excluded.typed_ms,
      keystrokes = p.keystrokes + excluded.keystrokes,
      wpm_sum = p.wpm_sum + excluded.wpm_sum,
      raw_sum = p.raw_sum + excluded.raw_sum,
      accuracy_sum = p.accuracy_sum + excluded.accuracy_sum,
      consistency_sum = p.consistency_sum + excluded.consistency_sum`;
}
