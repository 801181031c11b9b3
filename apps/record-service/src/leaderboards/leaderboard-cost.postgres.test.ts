import { Client } from 'pg';
import { type Prisma } from '../generated/client';
import { openTestDatabase } from '../../test/open-database';
import { createTestDatabase, type TestDatabase } from '../../test/postgres-server';
import { connectPostgres } from '../database/postgres-connection';
import { selectHistory } from '../players/player-statements';
import {
  countPlayers,
  type Leaderboard,
  type Position,
  selectEntries,
  selectEntryOf,
} from './board-statements';

const board: Leaderboard = {
  board: 'type-race.english-200.10',
  period: 'all',
  startsOn: '1970-01-01',
};
const playerId = (number: number) => `0190c6a8-4f1e-7c3a-9b57-${String(number).padStart(12, '0')}`;

/** Players with speeds from 20 to 120, on this board and as many on others. */
const fill = (from: number, to: number) => `
  INSERT INTO players SELECT id(n), 'Player', now(), now(), 10, 10, 0, 0, 0, 0, 0, 0, 0 FROM generate_series(${from}, ${to}) n;
  INSERT INTO bests SELECT id(n), 'all', '1970-01-01', b, 20 + (n * 7919 % 10000) / 100.0, 0, 0, 0,
    timestamptz '2026-01-01' + n * interval '1 second', id(n), 1
    FROM generate_series(${from}, ${to}) n, unnest(ARRAY['${board.board}', 'time.english-200.30', 'quote.quotes']) b;
  DELETE FROM speed_counts;
  INSERT INTO speed_counts SELECT board, period, starts_on, floor(wpm), count(*) FROM bests GROUP BY 1, 2, 3, floor(wpm);
  INSERT INTO matches (race_id, round, mode, passage_list, passage_version, passage_seed, started_at, finished_at)
    SELECT id(n), 1, 'words', 'english-200', 1, 1, now(), now() FROM generate_series(${from}, ${to}) n;
  INSERT INTO participants (race_id, round, player_id, name, wpm, raw, accuracy, consistency, correct, incorrect, extra, missed, finished_at)
    SELECT id(n), 1, id(n % 1000), 'Player', 0, 0, 0, 0, 0, 0, 0, 0, now() + n * interval '1 second' FROM generate_series(${from}, ${to}) n;
  VACUUM ANALYZE;`;

describe('what a leaderboard costs on PostgreSQL', () => {
  let server: TestDatabase;
  let client: Client;

  /** The pages that a statement reads, and the tables that it reads completely. */
  async function costOf({ text, values }: Prisma.Sql) {
    const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
    const [
      {
        'QUERY PLAN': [{ Plan: plan }],
      },
    ] = rows as [{ 'QUERY PLAN': [{ Plan: PlanNode }] }];
    const pages = plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    const wholeTables = nodesOf(plan).flatMap((node) =>
      node['Node Type'] === 'Seq Scan' ? [node['Relation Name']] : [],
    );
    // Has at most 301 rows for a leaderboard, so that PostgreSQL may prefer to read all of a small table.
    return { pages, wholeTables: wholeTables.filter((table) => table !== 'speed_counts') };
  }

  async function costs() {
    const middle: Position = {
      wpm: 70,
      achievedAt: '2026-01-01T00:00:00.000Z',
      playerId: playerId(500),
    };
    return {
      first: await costOf(selectEntries(board, 26)),
      after: await costOf(selectEntries(board, 26, { position: middle, direction: 'after' })),
      before: await costOf(selectEntries(board, 13, { position: middle, direction: 'before' })),
      own: await costOf(selectEntryOf(board, playerId(500))),
      history: await costOf(selectHistory(playerId(500), 26, {})),
      historyOfMode: await costOf(selectHistory(playerId(500), 26, { mode: 'type-race' })),
      count: await costOf(countPlayers(board, middle)),
    };
  }

  const run = async (script: string) => {
    for (const statement of script.split(';').filter((text) => text.trim())) {
      await client.query(statement);
    }
  };

  beforeAll(async () => {
    server = await createTestDatabase();
    const connect = () =>
      connectPostgres({ url: server.url, poolSize: 2, onError: () => undefined });
    await (await openTestDatabase(connect)).close();
    client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(`CREATE FUNCTION id(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
      $$ SELECT ('0190c6a8-4f1e-7c3a-9b57-' || lpad(n::text, 12, '0'))::uuid $$`);
  });
  afterAll(async () => {
    await client.end();
    await server.drop();
  });

  it('is the same for a hundred times as many players and matches', async () => {
    await run(fill(0, 1_999));
    const small = await costs();
    await run(fill(2_000, 199_999));
    const large = await costs();
    for (const [name, { pages, wholeTables }] of Object.entries(large)) {
      // A tree of an index is a level or two deeper; the counts read the players of one word a minute.
      const allowed = name === 'count' ? 600 : small[name as keyof typeof small].pages + 100;
      expect({ name, wholeTables, pages, isCheap: pages <= allowed }).toMatchObject({
        wholeTables: [],
        isCheap: true,
      });
    }
  });
});

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
