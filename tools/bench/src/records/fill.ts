import { type ClientBase } from 'pg';
import { BenchError } from '../ship/bench-error';
import { bestsOfMatches, playersOfMatches, speedCountsOfBests } from './recomputation';

interface Scale {
  readonly matches: number;
  readonly players: number;
}

/** Some days before now, in which the matches are spread evenly. */
const days = 30;

/**
 * Multiplies the rounds that the service has recorded into as many matches, and removes them: every result and replay is
 * one that the service has computed, of another player in another match. Half of the matches are races of two, half are
 * practice. The same numbers give the same matches, apart from their dates.
 */
export async function fill(client: ClientBase, { matches, players }: Scale): Promise<void> {
  await checkTemplates(client);
  for (const statement of [prepare, templates, draw(matches, players), results]) {
    await client.query(statement);
  }
  await client.query('TRUNCATE matches, players, bests, speed_counts CASCADE');
  await withoutIndexes(client, async () => {
    for (const statement of [insertMatches, insertParticipants, insertReplays]) {
      await client.query(statement);
    }
    await client.query('ANALYZE matches, participants');
    await client.query(insertPlayers);
    await client.query(`INSERT INTO bests ${bestsOfMatches}`);
  });
  await client.query(`INSERT INTO speed_counts ${speedCountsOfBests}`);
  await client.query('DROP SCHEMA bench CASCADE');
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
}

/** Sums of a player's wins rely on it that both players of a race are ranked. */
async function checkTemplates(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ unranked: string[] }>(
    'SELECT unranked FROM participants WHERE rank IS NULL LIMIT 1',
  );
  const [found] = rows;
  if (!found) return;
  throw new BenchError('UNRANKED', `The service did not rank a round: ${found.unranked.join()}.`);
}

/** `share` is a number from 0 to 1 that looks random; `id` a UUID. */
const prepare = `
  SET session_replication_role = replica; -- without checks of foreign keys
  SET work_mem = '128MB';
  SET maintenance_work_mem = '256MB';
  CREATE SCHEMA bench;
  CREATE FUNCTION bench.share(n bigint, stream bigint) RETURNS float8 IMMUTABLE LANGUAGE sql AS
    $$ SELECT (hashint8extended(n, stream) & 1048575) / 1048576.0::float8 $$;
  CREATE FUNCTION bench.id(kind text, n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
    $$ SELECT overlay(overlay(md5(kind || n) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid $$`;

/** What the service has recorded, slowest first. Each typist of the rounds has played once. */
const templates = `
  CREATE UNLOGGED TABLE bench.templates AS
  SELECT p.*, r.content, y.typed_ms, y.keystrokes,
    row_number() OVER (PARTITION BY p.mode ORDER BY p.wpm, p.player_id) - 1 AS place,
    count(*) OVER (PARTITION BY p.mode) AS places
  FROM participants p JOIN replays r USING (race_id, round, player_id) JOIN players y USING (player_id);
  CREATE UNLOGGED TABLE bench.rounds AS SELECT DISTINCT ON (mode) * FROM matches ORDER BY mode;
  ANALYZE bench.templates`;

/** Who plays when and how well: a player's own speed counts for most of it, luck for the rest. */
const draw = (matches: number, players: number) => `
  CREATE UNLOGGED TABLE bench.drawn AS
  SELECT n, mode, finished_at, player,
    0.7 * (bench.share(player, 1) + bench.share(player, 2)) / 2 + 0.3 * bench.share(2 * n + seat, 3) AS skill
  FROM (
    SELECT n, CASE n % 2 WHEN 0 THEN 'type-race' ELSE 'words' END AS mode,
      date_trunc('milliseconds', now() - bench.share(n, 4) * interval '${days} days') AS finished_at,
      floor(bench.share(n, 5) * ${players})::bigint AS first,
      1 + floor(bench.share(n, 6) * ${players - 1})::bigint AS distance
    FROM generate_series(1, ${matches}::bigint) n
  ) m CROSS JOIN LATERAL (
    SELECT 0 AS seat, first AS player UNION ALL SELECT 1, (first + distance) % ${players} WHERE mode = 'type-race'
  ) seats`;

const results = `
  CREATE UNLOGGED TABLE bench.results AS
  SELECT d.n, bench.id('race', d.n) AS race_id, d.mode, d.finished_at, d.player, bench.id('player', d.player) AS player_id,
    t.place, rank() OVER (PARTITION BY d.n ORDER BY t.time_ms)::smallint AS rank
  FROM bench.drawn d
  JOIN (SELECT DISTINCT mode, places FROM bench.templates) m USING (mode)
  JOIN bench.templates t ON t.mode = d.mode AND t.place = floor(d.skill * m.places)::bigint;
  ANALYZE bench.results`;

const insertMatches = `
  INSERT INTO matches (race_id, round, mode, board, passage_list, passage_version, passage_seed, passage_words,
    passage_punctuation, passage_numbers, advance, limit_ms, started_at, finished_at, typing_version, content_hash)
  SELECT r.race_id, 1, mode, m.board, m.passage_list, m.passage_version, m.passage_seed, m.passage_words,
    m.passage_punctuation, m.passage_numbers, m.advance, m.limit_ms, r.finished_at - (m.finished_at - m.started_at),
    r.finished_at, m.typing_version, sha256(convert_to(r.race_id::text, 'UTF8'))
  FROM (SELECT DISTINCT ON (n) * FROM bench.results ORDER BY n) r JOIN bench.rounds m USING (mode)`;

const insertParticipants = `
  INSERT INTO participants (race_id, round, player_id, name, rank, time_ms, wpm, raw, accuracy, consistency, correct,
    incorrect, extra, missed, mode, finished_at)
  SELECT r.race_id, 1, r.player_id, 'Player ' || r.player, r.rank, t.time_ms, t.wpm, t.raw, t.accuracy, t.consistency,
    t.correct, t.incorrect, t.extra, t.missed, mode, r.finished_at
  FROM bench.results r JOIN bench.templates t USING (mode, place)`;

const insertReplays = `
  INSERT INTO replays SELECT r.race_id, 1, r.player_id, t.content
  FROM bench.results r JOIN bench.templates t USING (mode, place)`;

const insertPlayers = `
  INSERT INTO players (${playersOfMatches.columns}, typed_ms, keystrokes)
  SELECT p.*, t.typed_ms, t.keystrokes FROM (${playersOfMatches.select}) p JOIN (
    SELECT r.player_id, sum(t.typed_ms) AS typed_ms, sum(t.keystrokes) AS keystrokes
    FROM bench.results r JOIN bench.templates t USING (mode, place) GROUP BY r.player_id
  ) t USING (player_id)`;

/** Creates all indexes but those of primary keys again at the end, which is faster than to extend them by each row. */
async function withoutIndexes(client: ClientBase, work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE schemaname = 'public' AND tablename IN ('participants', 'bests') AND indexname NOT LIKE '%_pkey'`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX "${name}"`);
  await work();
  for (const { definition } of rows) await client.query(definition);
}
