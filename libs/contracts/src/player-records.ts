import { z } from 'zod';
import { boardIdSchema } from './board';
import { recordedMatchSchema } from './finished-round';
import { bestResultSchema } from './leaderboard';
import { matchModeSchema } from './match-mode';
import { cursorSchema, pageRequestSchema } from './page';
import { playerIdSchema } from './player-id';
import { playerNameSchema } from './player-name';
import { timestampSchema } from './timestamp';
import { typingStatsSchema } from './typing-stats';

const count = z.int().min(0);

/** The response of `GET /v1/players/:playerId`. */
export const profileSchema = z.strictObject({
  playerId: playerIdSchema,
  /** The latest one. */
  name: playerNameSchema,
  firstPlayedAt: timestampSchema,
  lastPlayedAt: timestampSchema,
  /** Rounds of races and practice, unranked ones included. */
  matches: count,
  ranked: count,
  /** First ranks in rounds with at least two ranked players. */
  wins: count,
  /** From the start of each round to its end for this player, in ms. */
  typedMs: count,
  keystrokes: count,
  /** Of the ranked results; null without one. */
  averages: typingStatsSchema
    .pick({ wpm: true, raw: true, accuracy: true, consistency: true })
    .nullable(),
});

export type Profile = z.infer<typeof profileSchema>;

/** The response of `GET /v1/players/:playerId/bests`: one for each board, of all time. */
export const personalBestsSchema = z.strictObject({
  playerId: playerIdSchema,
  bests: z.array(bestResultSchema.extend({ board: boardIdSchema })),
});

export type PersonalBests = z.infer<typeof personalBestsSchema>;

/** The query of `GET /v1/players/:playerId/matches`. */
export const historyRequestSchema = pageRequestSchema.extend({ mode: matchModeSchema.optional() });

export type HistoryRequest = z.infer<typeof historyRequestSchema>;

/** A player's matches, the latest first. */
export const historyPageSchema = z.strictObject({
  playerId: playerIdSchema,
  matches: z.array(recordedMatchSchema),
  /** Null after the last match. */
  next: cursorSchema.nullable(),
});

export type HistoryPage = z.infer<typeof historyPageSchema>;
