import { Inject, Injectable } from '@nestjs/common';
import {
  type BestResult,
  type BoardId,
  type MatchKey,
  type MatchMode,
  type PlayerId,
  type Profile,
  type RecordedMatch,
} from '@typerush/contracts';
import { Database } from '../database/database';
import { matchOf, withParticipants } from '../matches/match-rows';
import { type PlayedMatch, selectBests, selectHistory, selectSums } from './player-statements';

export type PersonalBest = BestResult & { board: BoardId };

type BestRow = Omit<PersonalBest, 'achievedAt'> & { achievedAt: Date };

interface SumsRow extends Omit<Profile, 'firstPlayedAt' | 'lastPlayedAt' | 'averages'> {
  readonly firstPlayedAt: Date;
  readonly lastPlayedAt: Date;
  /** Of the ranked results. */
  readonly wpmSum: number;
  readonly rawSum: number;
  readonly accuracySum: number;
  readonly consistencySum: number;
}

/** What is recorded of a player. */
@Injectable()
export class PlayersRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async profile(playerId: PlayerId): Promise<Profile | undefined> {
    const [row] = await this.database.query<SumsRow>(selectSums(playerId));
    return row && profileOf(row);
  }

  /** Of all time, by board. */
  async bests(playerId: PlayerId): Promise<PersonalBest[]> {
    const rows = await this.database.query<BestRow>(selectBests(playerId));
    return rows.map((row) => ({ ...row, achievedAt: row.achievedAt.toISOString() }));
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

function profileOf({ wpmSum, rawSum, accuracySum, consistencySum, ...row }: SumsRow): Profile {
  const mean = (sum: number) => Math.round((sum / row.ranked) * 100) / 100;
  return {
    ...row,
    firstPlayedAt: row.firstPlayedAt.toISOString(),
    lastPlayedAt: row.lastPlayedAt.toISOString(),
    averages:
      row.ranked === 0
        ? null
        : {
            wpm: mean(wpmSum),
            raw: mean(rawSum),
            accuracy: mean(accuracySum),
            consistency: mean(consistencySum),
          },
  };
}
