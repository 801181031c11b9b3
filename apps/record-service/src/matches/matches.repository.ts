import { Inject, Injectable } from '@nestjs/common';
import { type MatchKey, type RecordedMatch } from '@typerush/contracts';
import { Database } from '../database/database';
import { improveBests } from '../leaderboards/board-statements';
import { matchOf, withParticipants } from './match-rows';
import { addToPlayers, insertMatch, insertParticipants } from './match-statements';
import { type NewMatch } from './new-match';
import { type ReplayContent, unpackReplay } from './replay-content';

/** Matches in the database. */
@Injectable()
export class MatchesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Writes a match, its replays, and what it changes for its players and on the leaderboards, all or nothing. Undefined: its
   * key is taken, and nothing was written.
   */
  insert(match: NewMatch): Promise<RecordedMatch | undefined> {
    return this.database.transaction(async (query) => {
      const [row] = await query<{ recorded_at: Date }>(insertMatch(match));
      if (!row) return undefined;
      await query(insertParticipants(match));
      await query(addToPlayers(match));
      const improvement = improveBests(match);
      if (improvement) await query(improvement);
      return recordedMatch(match, row.recorded_at);
    });
  }

  async find({ raceId, round }: MatchKey): Promise<RecordedMatch | undefined> {
    const row = await this.database.use((client) =>
      client.match.findUnique({
        where: { raceId_round: { raceId, round } },
        include: withParticipants,
      }),
    );
    return row ? matchOf(row) : undefined;
  }

  /** Of what was written under this key; undefined for a match without a replay, from before there were any. */
  async contentHash({ raceId, round }: MatchKey): Promise<Uint8Array | undefined> {
    const row = await this.database.use((client) =>
      client.match.findUnique({
        where: { raceId_round: { raceId, round } },
        select: { contentHash: true },
      }),
    );
    return row?.contentHash ?? undefined;
  }

  async replay({ raceId, round }: MatchKey, playerId: string): Promise<ReplayContent | undefined> {
    const row = await this.database.use((client) =>
      client.replay.findUnique({
        where: { raceId_round_playerId: { raceId, round, playerId } },
      }),
    );
    return row ? unpackReplay(row.content) : undefined;
  }
}

/** As it will be read: the ranked first, best first, equal ones by their ids. */
function recordedMatch({ round, players }: NewMatch, recordedAt: Date): RecordedMatch {
  const { raceId, round: number, mode, passage, rules, startedAt, finishedAt } = round;
  const standings = players.map(({ typedMs: _, keystrokes: __, replay: ___, ...rest }) => rest);
  const order = (rank: number | null) => rank ?? Infinity;
  standings.sort(
    (one, other) => order(one.rank) - order(other.rank) || (one.playerId < other.playerId ? -1 : 1),
  );
  return {
    ...{ raceId, round: number, mode, passage, rules, startedAt, finishedAt },
    recordedAt: recordedAt.toISOString(),
    players: standings,
  };
}
