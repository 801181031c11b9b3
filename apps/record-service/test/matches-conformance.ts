import { randomUUID } from 'node:crypto';
import { type FinishedMatch, finishedMatchSchema, recordedMatchSchema } from '@typerush/contracts';
import fc from 'fast-check';
import { type Database } from '../src/database/database';
import { MatchesRepository } from '../src/matches/matches.repository';
import { MatchesService } from '../src/matches/matches.service';
import { sampleMatch, sampleParticipant } from './sample-match';
import { finishedMatches } from './arbitrary-match';

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
      ]);

    beforeAll(async () => {
      database = await openDatabase();
      repository = new MatchesRepository(database);
      service = new MatchesService(repository);
    });
    afterAll(() => database.close());

    it('are read back as they were written, best rank first', async () => {
      const match = sampleMatch();
      const recorded = await repository.insert({
        ...match,
        participants: [...match.participants].reverse(),
      });
      expect(recordedMatchSchema.parse(recorded)).toEqual({
        ...match,
        recordedAt: recorded?.recordedAt,
      });
      expect(await repository.find(match)).toEqual(recorded);
    });

    it('are read back as they were written, for all values that the contract allows', async () => {
      await fc.assert(
        fc.asyncProperty(finishedMatches, async (match) => {
          fc.pre(finishedMatchSchema.safeParse(match).success);
          expect(await service.record(match)).toMatchObject({ created: true });
          expect(await service.record(match)).toMatchObject({ created: false });
        }),
        { numRuns: 25 },
      );
    });

    it('are not found if they were never written', async () => {
      expect(await repository.find({ raceId: randomUUID(), round: 1 })).toBeUndefined();
    });

    it('are identified by race and round', async () => {
      const match = sampleMatch();
      await repository.insert(match);
      await repository.insert({ ...match, round: 2 });
      expect(await repository.find({ ...match, round: 2 })).toMatchObject({ round: 2 });
      expect(await repository.find({ ...match, round: 3 })).toBeUndefined();
    });

    it('are written all or nothing', async () => {
      const before = await counts();
      const twice = sampleParticipant();
      // The contract refuses this; here it makes the second table fail after the first.
      await expect(
        repository.insert(sampleMatch({ participants: [twice, { ...twice, wpm: 1_000_000 }] })),
      ).rejects.toThrow();
      expect(await counts()).toEqual(before);
    });

    it('are recorded once by any number of writers at once', async () => {
      const match = sampleMatch();
      const results = await Promise.all(Array.from({ length: 8 }, () => service.record(match)));
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(results.map((result) => JSON.stringify(result.match))).size).toBe(1);
    });

    it('stay as they are when another match claims their key', async () => {
      const match = sampleMatch();
      await service.record(match);
      const other: FinishedMatch = { ...match, mode: 'wave-rush' };
      await expect(service.record(other)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await service.find(match)).toMatchObject(match);
    });
  });
}
