import { Inject, Injectable } from '@nestjs/common';
import {
  type BestResult,
  type BoardId,
  type MatchKey,
  type MatchMode,
  type PlayerId,
  type Profile,
  type RecordedMatch,
  type Timestamp,
} from '@typerush/contracts';
import { Database } from '../database/database';
import { type Best, type Player } from '../generated/client';
import { matchOf, withParticipants } from '../matches/match-rows';
import { type PlayedMatch, selectHistory } from './history-statement';

export type PersonalBest = BestResult & { board: BoardId };

/** What is recorded of a player. */
@Injectable()
export class PlayersRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async profile(playerId: PlayerId): Promise<Profile | undefined> {
    const row = await this.database.use((client) =>
      client.player.findUnique({ where: { playerId } }),
    );
    return row ? profileOf(row) : undefined;
  }

  /** Of all time, by board. */
  async bests(playerId: PlayerId): Promise<PersonalBest[]> {
    const rows = await this.database.use((client) =>
      client.best.findMany({ where: { playerId, period: 'all' }, orderBy: { board: 'asc' } }),
    );
    return rows.map(bestOf);
  }

  /** The latest matches first, from the one after `after` on. */
  async history(
    playerId: PlayerId,
    limit: number,
    filter: { mode?: MatchMode | undefined; after?: PlayedMatch | undefined } = {},
  ): Promise<RecordedMatch[]> {
    const keys = await this.database.query<MatchKey>(selectHistory(playerId, limit, filter));
    const rows = await this.database.use((client) =>
      client.match.findMany({
        where: { OR: keys.map(({ raceId, round }) => ({ raceId, round })) },
        include: withParticipants,
      }),
    );
    const byKey = new Map(rows.map((row) => [`${row.raceId} ${row.round}`, row]));
    return keys.flatMap(({ raceId, round }) => {
      const row = byKey.get(`${raceId} ${round}`);
      return row ? [matchOf(row)] : [];
    });
  }
}

function profileOf(row: Player): Profile {
  const { ranked } = row;
  const mean = (sum: { toNumber(): number }) => Math.round((sum.toNumber() / ranked) * 100) / 100;
  return {
    playerId: row.playerId,
    name: row.name,
    firstPlayedAt: row.firstPlayedAt.toISOString(),
    lastPlayedAt: row.lastPlayedAt.toISOString(),
    matches: row.matches,
    ranked,
    wins: row.wins,
    typedMs: Number(row.typedMs),
    keystrokes: Number(row.keystrokes),
    averages:
      ranked === 0
        ? null
        : {
            wpm: mean(row.wpmSum),
            raw: mean(row.rawSum),
            accuracy: mean(row.accuracySum),
            consistency: mean(row.consistencySum),
          },
  };
}

function bestOf(row: Best): PersonalBest {
  const achievedAt: Timestamp = row.achievedAt.toISOString();
  return {
    board: row.board,
    wpm: row.wpm.toNumber(),
    raw: row.raw.toNumber(),
    accuracy: row.accuracy.toNumber(),
    consistency: row.consistency.toNumber(),
    achievedAt,
    raceId: row.raceId,
    round: row.round,
  };
}
