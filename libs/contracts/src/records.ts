import { z } from 'zod';
import { boardIdSchema } from './board';
import { recordedMatchSchema } from './finished-round';
import { bestResultSchema, leaderboardEntrySchema } from './leaderboard';
import { matchModeSchema } from './match-mode';
import { playerIdSchema } from './player-id';
import { playerNameSchema } from './player-name';

/** The response of `GET /records`: the record of each board, by mode. */
export const recordsSchema = z.strictObject({
  modes: z.array(
    z.strictObject({
      mode: matchModeSchema,
      boards: z.array(
        z.strictObject({
          board: boardIdSchema,
          players: z.int().min(1),
          record: leaderboardEntrySchema,
        }),
      ),
    }),
  ),
});

export type Records = z.infer<typeof recordsSchema>;

/** The response of `GET /records/:accountId`: personal records and the latest matches, by mode. An account is a player. */
export const accountRecordsSchema = z.strictObject({
  accountId: playerIdSchema,
  name: playerNameSchema,
  modes: z.array(
    z.strictObject({
      mode: matchModeSchema,
      /** The best of all boards of the mode; null without a ranked result. */
      personalRecord: bestResultSchema.extend({ board: boardIdSchema }).nullable(),
      history: z.array(recordedMatchSchema),
    }),
  ),
});

export type AccountRecords = z.infer<typeof accountRecordsSchema>;
