import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { type BenchDatabase, createBenchDatabase } from './bench-database';
import { countWrongRows } from './recomputation';

const workspaceRoot = path.join(__dirname, '../../../..');
const serverUrl = process.env['TEST_DATABASE_URL'] ?? '';
jest.setTimeout(10 * 60_000);

it('a quick run measures each kind of request at both servers and finds no wrong row', async () => {
  const tsx = createRequire(__filename).resolve('tsx');
  const main = 'tools/bench/src/records/main.ts';
  const scale = ['--matches=2000', '--players=200', '--seconds=1', '--rate=20', '--connections=2'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', tsx, main, ...scale],
    { cwd: workspaceRoot },
  );
  const result = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
  const requests = ['first page', 'any page', 'around me', 'profile', 'write'];
  expect(result).toMatchObject({
    wrongRows: { bests: 0, speedCounts: 0, players: 0 },
    measurements: requests.flatMap((request) =>
      ['record-service', 'pg'].map((server) => ({ request, server, latency: { requests: 20 } })),
    ),
    ratios: requests.map((request) => ({ request })),
  });
  expect(result['compared']).toBeGreaterThan(100);
});

describe('the comparison with a recomputation', () => {
  let database: BenchDatabase;
  const query = (sql: string) => database.client.query(sql);

  beforeAll(async () => {
    database = await createBenchDatabase(serverUrl);
    const folder = path.join(workspaceRoot, 'apps/record-service/prisma/migrations');
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort(byName)) {
      if (!entry.isDirectory()) continue;
      await query(await readFile(path.join(folder, entry.name, 'migration.sql'), 'utf8'));
    }
    const match = '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11';
    const player = '0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a';
    // A Friday: its week began on the 23rd.
    const [start, end] = ['2026-11-27T23:58:00Z', '2026-11-27T23:59:00Z'];
    await query(`
      INSERT INTO matches (race_id, round, mode, board, passage_list, passage_version, passage_seed, started_at, finished_at)
        VALUES ('${match}', 1, 'words', 'words.english-200.10', 'english-200', 1, 1, '${start}', '${end}');
      INSERT INTO participants (race_id, round, player_id, name, rank, wpm, raw, accuracy, consistency, correct, incorrect,
        extra, missed, mode, finished_at)
        VALUES ('${match}', 1, '${player}', 'Ada', 1, 80.5, 81, 99, 70, 50, 1, 0, 0, 'words', '${end}');
      INSERT INTO players VALUES ('${player}', 'Ada', '${start}', '${end}', 1, 1, 0, 60000, 51, 80.5, 81, 99, 70);
      INSERT INTO bests SELECT '${player}', period, starts_on::date, 'words.english-200.10', 80.5, 81, 99, 70, '${end}', '${match}', 1
        FROM (VALUES ('all', '1970-01-01'), ('day', '2026-11-27'), ('week', '2026-11-23')) AS t(period, starts_on);
      INSERT INTO speed_counts SELECT board, period, starts_on, 80, 1 FROM bests;
      INSERT INTO speed_counts VALUES ('words.english-200.10', 'all', '1970-01-01', 79, 0)`);
  });
  afterAll(() => database.drop());

  beforeEach(() => query('BEGIN'));
  afterEach(() => query('ROLLBACK'));

  it('finds nothing if all rows are right', async () => {
    expect(await countWrongRows(database.client)).toEqual({ bests: 0, speedCounts: 0, players: 0 });
  });

  it.each([
    ['a slower best', 'UPDATE bests SET wpm = 80.4 WHERE period = $$day$$', { bests: 2 }],
    ['a missing best', 'DELETE FROM bests WHERE period = $$week$$', { bests: 1, speedCounts: 1 }],
    ['a count too high', 'UPDATE speed_counts SET players = players + 1', { speedCounts: 7 }],
    ['a win without an opponent', 'UPDATE players SET wins = 1', { players: 2 }],
  ])('finds %s', async (_what, change, found) => {
    await query(change);
    expect(await countWrongRows(database.client)).toMatchObject(found);
  });
});

const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
