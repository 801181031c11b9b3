import { randomUUID } from 'node:crypto';
import { recordedMatchSchema } from '@typerush/contracts';
import { type Database } from '../src/database/database';
import { MatchesRepository } from '../src/matches/matches.repository';
import { MatchesService } from '../src/matches/matches.service';
import { newMatch } from '../src/matches/new-match';
import { silentLogger } from './open-database';
import { english, sampleRound, typist } from './sample-round';

/** What the records do on any PostgreSQL. */
export function describeMatches(openDatabase: () => Promise<Database>): void {
  describe('matches', () => {
    let database: Database;
    let repository: MatchesRepository;
    let service: MatchesService;
    const counts = () =>
      database.use(async (client) => [
        await client.match.count(),
        await client.participant.count(),
        await client.replay.count(),
        await client.player.count(),
        await client.best.count(),
        await client.speedCount.count(),
      ]);

    beforeAll(async () => {
      database = await openDatabase();
      repository = new MatchesRepository(database);
      service = new MatchesService(repository, silentLogger);
    });
    afterAll(() => database.close());

    it.each([
      ['a race with a bot', sampleRound({ typists: [typist(), typist({ isBot: true, wpm: 99 })] })],
      ['eight players', sampleRound({ typists: Array.from({ length: 8 }, () => typist()) })],
      [
        'a wave',
        sampleRound({ mode: 'wave-rush', limitMs: 5_000, passage: { ...english, words: 50 } }),
      ],
      [
        'practice of a quote',
        sampleRound({
          mode: 'quote',
          passage: { list: 'quotes', version: 1, seed: 0 },
          typists: [typist()],
        }),
      ],
      ['practice without an end', sampleRound({ mode: 'open', typists: [typist()] })],
      [
        'a text with all options',
        sampleRound({
          mode: 'words',
          passage: { ...english, punctuation: true, numbers: true },
          typists: [typist({ name: 'é́́ 😀' })],
        }),
      ],
    ])('are read back as they were written: %s', async (_what, round) => {
      const { match } = await service.record(round);
      expect(recordedMatchSchema.parse(match)).toEqual(match);
      expect(await service.find(round)).toEqual(match);
      const { players, typingVersion, ...facts } = round;
      expect(typingVersion).toBe(1);
      expect(match).toMatchObject(facts);
      const standings = players.map(
        ({ keystrokes: _keystrokes, arrivals: _arrivals, ...standing }) => standing,
      );
      expect(match.players).toHaveLength(standings.length);
      expect(match.players).toEqual(expect.arrayContaining(standings));
    });

    it('keep their replays', async () => {
      const round = sampleRound();
      await service.record(round);
      for (const { playerId, keystrokes, arrivals } of round.players) {
        expect(await repository.replay(round, playerId)).toEqual({ keystrokes, arrivals });
      }
    });

    it('are not found if they were never written', async () => {
      expect(await repository.find({ raceId: randomUUID(), round: 1 })).toBeUndefined();
    });

    it('are identified by race and round', async () => {
      const round = sampleRound();
      await service.record(round);
      await service.record({ ...round, round: 2 });
      expect(await repository.find({ ...round, round: 2 })).toMatchObject({ round: 2 });
      expect(await repository.find({ ...round, round: 3 })).toBeUndefined();
    });

    it('are written all or nothing', async () => {
      const match = await newMatch(sampleRound());
      const before = await counts();
      // The contract refuses this; here it makes the last table fail after all others.
      await expect(
        repository.insert({ ...match, board: 'x'.repeat(100).concat('y') }),
      ).rejects.toThrow();
      const players = match.players.map((player) => ({ ...player, wpm: 10_000 }));
      await expect(repository.insert({ ...match, players })).rejects.toThrow();
      expect(await counts()).toEqual(before);
    });

    it('are recorded once by any number of writers at once', async () => {
      const round = sampleRound();
      const results = await Promise.all(Array.from({ length: 8 }, () => service.record(round)));
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(results.map((result) => JSON.stringify(result.match))).size).toBe(1);
    });

    it('stay as they are when another match claims their key', async () => {
      const round = sampleRound();
      const { match } = await service.record(round);
      const before = await counts();
      const other = sampleRound({ raceId: round.raceId, seed: 77 });
      await expect(service.record(other)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await service.find(round)).toEqual(match);
      expect(await counts()).toEqual(before);
    });
  });
}
