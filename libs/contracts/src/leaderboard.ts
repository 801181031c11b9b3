import { z } from 'zod';
import { boardIdSchema } from './board';
import { matchKeySchema } from './match-key';
import { cursorSchema, pageRequestSchema } from './page';
import { playerIdSchema } from './player-id';
import { playerNameSchema } from './player-name';
import { timestampSchema } from './timestamp';
import { typingStatsSchema } from './typing-stats';

/** Days and weeks are those of UTC; a week begins on Monday. A match counts when it finished. */
export const periodSchema = z.enum(['all', 'day', 'week']);

export type Period = z.infer<typeof periodSchema>;

const dateSchema = z.iso.date().refine((date) => date >= '1970', 'must not be before 1970');

/** The query of `GET /v1/leaderboards/:board`. `on`: a date in the day or week; today if absent. */
export const leaderboardRequestSchema = pageRequestSchema.extend({
  period: periodSchema.default('all'),
  on: dateSchema.optional(),
});

export type LeaderboardRequest = z.infer<typeof leaderboardRequestSchema>;

/** The query of `GET /v1/leaderboards/:board/around/:playerId`. `limit`: at most so many entries, half of them above. */
export const aroundRequestSchema = leaderboardRequestSchema.omit({ cursor: true });

export type AroundRequest = z.infer<typeof aroundRequestSchema>;

/** A player's best result: the fastest, of equal ones the first. */
export const bestResultSchema = z.strictObject({
  wpm: typingStatsSchema.shape.wpm,
  raw: typingStatsSchema.shape.raw,
  accuracy: typingStatsSchema.shape.accuracy,
  consistency: typingStatsSchema.shape.consistency,
  achievedAt: timestampSchema,
  /** The match it is from. */
  ...matchKeySchema.shape,
});

export type BestResult = z.infer<typeof bestResultSchema>;

export const leaderboardEntrySchema = bestResultSchema.extend({
  /** Players with equal wpm share a rank: 1, 1, 3. */
  rank: z.int().min(1),
  playerId: playerIdSchema,
  /** The player's latest name. */
  name: playerNameSchema,
});

export type LeaderboardEntry = z.infer<typeof leaderboardEntrySchema>;

/** Each player has one entry, the best first. */
export const leaderboardPageSchema = z.strictObject({
  board: boardIdSchema,
  period: periodSchema,
  /** The first day of the period; null for all time. */
  from: dateSchema.nullable(),
  /** How many players the whole leaderboard has. */
  players: z.int().min(0),
  entries: z.array(leaderboardEntrySchema),
  /** Null after the last entry. */
  next: cursorSchema.nullable(),
});

export type LeaderboardPage = z.infer<typeof leaderboardPageSchema>;
