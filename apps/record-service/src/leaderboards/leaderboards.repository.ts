import { Inject, Injectable } from '@nestjs/common';
import {
  type BoardId,
  type LeaderboardEntry,
  type PlayerId,
  type Records,
} from '@typerush/contracts';
import { Database } from '../database/database';
import {
  countPlayers,
  type Direction,
  type Leaderboard,
  type Position,
  selectEntries,
  selectEntryOf,
  selectRecords,
} from './board-statements';

/** An entry whose rank is not yet known. */
export type Entry = Omit<LeaderboardEntry, 'rank'>;

export interface PlayerCounts {
  /** On the whole leaderboard. */
  readonly players: number;
  readonly faster: number;
  /** As fast, and before the position. */
  readonly tied: number;
}

export type BoardRecord = Records['modes'][number]['boards'][number];

type EntryRow = Omit<Entry, 'achievedAt'> & { achievedAt: Date };

/** The bests of a board in the database. */
@Injectable()
export class LeaderboardsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async entries(
    leaderboard: Leaderboard,
    limit: number,
    from?: { position: Position; direction: Direction },
  ): Promise<Entry[]> {
    const rows = await this.database.query<EntryRow>(selectEntries(leaderboard, limit, from));
    return rows.map(entryOf);
  }

  async count(leaderboard: Leaderboard, position: Position): Promise<PlayerCounts> {
    const rows = await this.database.query<PlayerCounts>(countPlayers(leaderboard, position));
    return rows[0] ?? { players: 0, faster: 0, tied: 0 };
  }

  async entryOf(leaderboard: Leaderboard, playerId: PlayerId): Promise<Entry | undefined> {
    const [row] = await this.database.query<EntryRow>(selectEntryOf(leaderboard, playerId));
    return row && entryOf(row);
  }

  /** The first entry of each board of all time; of at most `limit` boards, those with most players. */
  async records(limit: number): Promise<BoardRecord[]> {
    const rows = await this.database.query<EntryRow & { board: BoardId; players: number }>(
      selectRecords(limit),
    );
    return rows.map(({ board, players, ...row }) => ({
      board,
      players,
      record: { rank: 1, ...entryOf(row) },
    }));
  }
}

const entryOf = (row: EntryRow): Entry => ({ ...row, achievedAt: row.achievedAt.toISOString() });
