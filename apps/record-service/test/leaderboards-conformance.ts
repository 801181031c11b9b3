import {
  boardIdOf,
  type BoardId,
  boardOfMatch,
  type FinishedRound,
  type LeaderboardEntry,
  leaderboardPageSchema,
  type Period,
  periodSchema,
  profileSchema,
} from '@typerush/contracts';
import fc from 'fast-check';
import { type Database } from '../src/database/database';
import { LeaderboardsRepository } from '../src/leaderboards/leaderboards.repository';
import { LeaderboardsService } from '../src/leaderboards/leaderboards.service';
import { periodOf } from '../src/leaderboards/periods';
import { MatchesRepository } from '../src/matches/matches.repository';
import { MatchesService } from '../src/matches/matches.service';
import { rankRound } from '../src/matches/rank-round';
import { PlayersRepository } from '../src/players/players.repository';
import { PlayersService } from '../src/players/players.service';
import { RecordsService } from '../src/records/records.service';
import { silentLogger } from './open-database';
import { english, sampleRound, type Typist } from './sample-round';

const playerId = (number: number) =>
  `0190c6a8-4f1e-7c3a-9b57-0000000000${String(number).padStart(2, '0')}`;

/** Few players, rhythms and days, so that results are often equal. */
const rounds: fc.Arbitrary<FinishedRound> = fc
  .record({
    raceId: fc.uuid({ version: 4 }),
    mode: fc.constantFrom('type-race' as const, 'wave-rush' as const, 'words' as const),
    numbers: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 5 }),
    wpm: fc.constantFrom(40, 60, 80),
    seed: fc.nat(2),
    day: fc.nat(9),
  })
  .map(({ raceId, mode, numbers, wpm, seed, day }) =>
    sampleRound({
      raceId,
      mode,
      seed,
      passage: { ...english, words: mode === 'wave-rush' ? 50 : 10 },
      ...(mode === 'wave-rush' ? { limitMs: 5_000 } : {}),
      finishedAt: new Date(Date.UTC(2026, 10, 20 + day, 12)),
      typists: numbers.slice(0, mode === 'words' ? 1 : 5).map((number): Typist => ({
        playerId: playerId(number),
        name: `Player ${number} on ${day}`,
        wpm,
        isBot: number === 11 && mode !== 'words',
      })),
    }),
  );

/** What leaderboards are, written down again without a database. */
function recompute(all: readonly FinishedRound[], board: BoardId, period: Period, on: string) {
  const { startsOn } = periodOf(period, on);
  const names = new Map<string, { at: string; name: string }>();
  const bests = new Map<string, Omit<LeaderboardEntry, 'rank' | 'name'>>();
  for (const round of all) {
    const own = boardOfMatch(round);
    const isOnBoard =
      own && boardIdOf(own) === board && periodOf(period, round.finishedAt).startsOn === startsOn;
    for (const { playerId: id, name, rank, wpm, raw, accuracy, consistency, isBot } of rankRound(
      round,
    )) {
      const known = names.get(id);
      if (!isBot && (!known || known.at <= round.finishedAt)) {
        names.set(id, { at: round.finishedAt, name });
      }
      if (!isOnBoard || rank === null) continue;
      const { raceId, round: number, finishedAt: achievedAt } = round;
      const entry = {
        playerId: id,
        wpm,
        raw,
        accuracy,
        consistency,
        achievedAt,
        raceId,
        round: number,
      };
      const best = bests.get(id);
      if (!best || order(entry, best) < 0) bests.set(id, entry);
    }
  }
  const entries = [...bests.values()].sort(order);
  return entries.map((entry) => ({
    ...entry,
    name: names.get(entry.playerId)?.name,
    rank: 1 + entries.filter(({ wpm }) => wpm > entry.wpm).length,
  }));
}

type Ordered = Pick<LeaderboardEntry, 'wpm' | 'achievedAt' | 'playerId' | 'raceId'>;
const keyOf = ({ achievedAt, playerId: id, raceId }: Ordered) => `${achievedAt} ${id} ${raceId}`;
const order = (one: Ordered, other: Ordered) =>
  other.wpm - one.wpm || (keyOf(one) < keyOf(other) ? -1 : 1);

/** What leaderboards, profiles and histories do on any PostgreSQL. */
export function describeLeaderboards(openDatabase: () => Promise<Database>): void {
  describe('leaderboards', () => {
    let database: Database;
    let matches: MatchesService;
    let leaderboards: LeaderboardsService;
    let players: PlayersService;
    let records: RecordsService;

    beforeAll(async () => {
      database = await openDatabase();
      matches = new MatchesService(new MatchesRepository(database), silentLogger);
      const repository = new LeaderboardsRepository(database);
      leaderboards = new LeaderboardsService(repository);
      const playersRepository = new PlayersRepository(database);
      players = new PlayersService(playersRepository);
      records = new RecordsService(repository, playersRepository, players);
    });
    afterAll(() => database.close());

    /** All pages, each with `limit` entries. */
    async function readAll(board: BoardId, period: Period, on: string, limit: number) {
      const entries: LeaderboardEntry[] = [];
      let cursor: string | undefined;
      for (;;) {
        const page = await leaderboards.page(board, { period, on, limit, cursor });
        expect(leaderboardPageSchema.parse(page)).toEqual(page);
        entries.push(...page.entries);
        if (page.next === null) {
          expect(page.players).toBe(entries.length);
          return entries;
        }
        expect(page.entries).toHaveLength(limit);
        cursor = page.next;
      }
    }

    it('are what a recomputation from scratch gives, after 200 writers with overlapping duplicates', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(rounds, { minLength: 40, maxLength: 40 }),
          fc.array(fc.nat(39), { minLength: 200, maxLength: 200 }),
          async (all, picks) => {
            await emptyTables();
            // Every round is written, most of them by several of the writers.
            const jobs = [...all.keys(), ...picks].slice(0, 200);
            const results = await Promise.all(jobs.map((index) => matches.record(all[index]!)));
            expect(results.filter(({ created }) => created)).toHaveLength(all.length);
            await expectRecomputed(all);
          },
        ),
        // Shrinking would write thousands of matches.
        { numRuns: 3, endOnFailure: true },
      );
    });

    async function expectRecomputed(all: readonly FinishedRound[]): Promise<void> {
      const boards = [
        'type-race.english-200.10',
        'wave-rush.english-200.5',
        'words.english-200.10',
      ];
      for (const board of boards) {
        for (const period of periodSchema.options) {
          for (const on of ['2026-11-22', '2026-11-23']) {
            const expected = recompute(all, board, period, on);
            expect(await readAll(board, period, on, 100)).toEqual(expected);
            expect(await readAll(board, period, on, 2)).toEqual(expected);
            for (const [index, { playerId: id }] of expected.entries()) {
              const around = await leaderboards.around(board, id, { period, on, limit: 3 });
              expect(around.entries).toContainEqual(expected[index]);
              const first = Math.max(0, index - 1);
              expect(around.entries).toEqual(expected.slice(first, first + 3));
            }
          }
        }
      }
      const { modes } = await records.all();
      for (const { board, record, players: count } of modes.flatMap((mode) => mode.boards)) {
        const expected = recompute(all, board, 'all', '2026-11-22');
        expect([record, count]).toEqual([expected[0], expected.length]);
      }
      for (let number = 0; number < 11; number += 1) await expectProfile(all, playerId(number));
    }

    async function expectProfile(all: readonly FinishedRound[], id: string): Promise<void> {
      const own = all.filter((round) => round.players.some((player) => player.playerId === id));
      if (own.length === 0) return;
      const profile = profileSchema.parse(await players.profile(id));
      const results = own.map((round) => rankRound(round));
      const mine = results.flatMap((result) => result.filter((one) => one.playerId === id));
      const ranked = mine.filter(({ rank }) => rank !== null);
      const wpm = ranked.reduce((sum, one) => sum + one.wpm, 0) / ranked.length;
      const wins = results.filter(
        (result) =>
          result.some((one) => one.playerId === id && one.rank === 1) &&
          result.filter(({ rank }) => rank !== null).length > 1,
      );
      expect(profile).toMatchObject({
        matches: own.length,
        ranked: ranked.length,
        wins: wins.length,
        typedMs: mine.reduce((sum, { typedMs }) => sum + typedMs, 0),
        averages: ranked.length === 0 ? null : { wpm: expect.closeTo(wpm, 1) },
      });
      const history: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await players.history(id, { limit: 3, cursor });
        history.push(...page.matches.map(({ raceId }) => raceId));
        if (page.next === null) break;
        cursor = page.next;
      }
      const latest = [...own].sort((one, other) =>
        `${one.finishedAt} ${one.raceId}` < `${other.finishedAt} ${other.raceId}` ? 1 : -1,
      );
      expect(history).toEqual(latest.map(({ raceId }) => raceId));
    }

    function emptyTables(): Promise<unknown> {
      return database.use((client) =>
        client.$executeRawUnsafe('TRUNCATE matches, players, bests, speed_counts CASCADE'),
      );
    }

    it('are empty without a result', async () => {
      await emptyTables();
      const page = await leaderboards.page('quote.quotes', { period: 'day', limit: 25 });
      expect(page).toMatchObject({ players: 0, entries: [], next: null });
      expect(await records.all()).toEqual({ modes: [] });
    });

    it('have no place for a player without a result', async () => {
      const request = { period: 'all' as const, limit: 25 };
      await expect(leaderboards.around('quote.quotes', playerId(1), request)).rejects.toMatchObject(
        { code: 'NOT_FOUND' },
      );
      await expect(players.profile(playerId(1))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it.each(['bm9uc2Vuc2U', 'WzEsMiwzXQ', 'W10'])('refuse the cursor %s', async (cursor) => {
      await expect(
        leaderboards.page('quote.quotes', { period: 'all', limit: 25, cursor }),
      ).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    });
  });
}
