import { Inject, Injectable } from '@nestjs/common';
import {
  type AroundRequest,
  type BoardId,
  type LeaderboardEntry,
  type LeaderboardPage,
  type LeaderboardRequest,
  type Period,
  type PlayerId,
  playerIdSchema,
  timestampSchema,
} from '@typerush/contracts';
import { ServiceError } from '@typerush/service-kit';
import { z } from 'zod';
import { cursorOf, readCursor } from '../http/cursor';
import { type Direction, type Leaderboard, type Position } from './board-statements';
import { type Entry, LeaderboardsRepository, type PlayerCounts } from './leaderboards.repository';
import { periodOf } from './periods';

const cursorSchema = z
  .tuple([z.number().min(0).max(9_000), timestampSchema, playerIdSchema])
  .transform(([wpm, achievedAt, playerId]): Position => ({ wpm, achievedAt, playerId }));

/** Before every entry. */
const top: Position = {
  wpm: 9_000,
  achievedAt: '1970-01-01T00:00:00.000Z',
  playerId: '00000000-0000-0000-0000-000000000000',
};

@Injectable()
export class LeaderboardsService {
  constructor(
    @Inject(LeaderboardsRepository) private readonly leaderboards: LeaderboardsRepository,
  ) {}

  /** @throws ServiceError INVALID_REQUEST for a cursor of another list */
  async page(board: BoardId, request: LeaderboardRequest): Promise<LeaderboardPage> {
    const { period, on, limit, cursor } = request;
    const leaderboard = leaderboardOf(board, period, on);
    const position = cursor === undefined ? undefined : readCursor(cursorSchema, cursor);
    const from = position && { position, direction: 'after' as const };
    // One more, to know whether there is a next page.
    return this.pageOf(
      leaderboard,
      await this.leaderboards.entries(leaderboard, limit + 1, from),
      limit,
    );
  }

  /** @throws ServiceError NOT_FOUND for a player who is not on the leaderboard */
  async around(
    board: BoardId,
    playerId: PlayerId,
    request: AroundRequest,
  ): Promise<LeaderboardPage> {
    const { period, on, limit } = request;
    const leaderboard = leaderboardOf(board, period, on);
    const own = await this.leaderboards.entryOf(leaderboard, playerId);
    if (!own) {
      throw new ServiceError(
        'NOT_FOUND',
        `Player ${playerId} has no ranked result on this leaderboard.`,
      );
    }
    const neighbours = (direction: Direction, count: number) =>
      this.leaderboards.entries(leaderboard, count, { position: own, direction });
    const above = await neighbours('before', Math.floor(limit / 2));
    const below = await neighbours('after', limit - above.length);
    return this.pageOf(leaderboard, [...above, own, ...below], limit);
  }

  private async pageOf(
    leaderboard: Leaderboard,
    found: readonly Entry[],
    limit: number,
  ): Promise<LeaderboardPage> {
    const entries = found.slice(0, limit);
    const counts = await this.leaderboards.count(leaderboard, entries[0] ?? top);
    const last = entries.at(-1);
    const { board, period, startsOn } = leaderboard;
    return {
      board,
      period,
      from: period === 'all' ? null : startsOn,
      players: counts.players,
      entries: rankEntries(entries, counts),
      next:
        last && found.length > limit ? cursorOf([last.wpm, last.achievedAt, last.playerId]) : null,
    };
  }
}

function leaderboardOf(board: BoardId, period: Period, on?: string): Leaderboard {
  return { board, ...periodOf(period, on ? new Date(on) : new Date()) };
}

/** Entries in a row: equal speeds share a rank and use up those after it. */
function rankEntries(
  entries: readonly Entry[],
  { faster, tied }: PlayerCounts,
): LeaderboardEntry[] {
  let rank = faster + 1;
  return entries.map((entry, index) => {
    if (index > 0 && entry.wpm !== entries[index - 1]?.wpm) rank = faster + tied + index + 1;
    return { rank, ...entry };
  });
}
