import { z } from 'zod';
import { maxParticipants } from './ranks';
import { playerIdSchema } from './player-id';
import { playerNameSchema } from './player-name';
import { typingStatsSchema } from './typing-stats';

/** Why a result is kept and not ranked. */
export const unrankedReasonSchema = z.enum([
  'bot',
  /** The player left before the end. */
  'left',
  /** The time was up before the text was complete. */
  'unfinished',
  // What a person cannot have typed: libs/typing describes each.
  'too-fast',
  'burst-too-fast',
  'median-too-short',
  'too-even',
  'repeated-interval',
  'word-at-once',
  'held-back',
  /** Practice without an end. */
  'open-ended',
  /** The replay gives another result than was claimed. */
  'replay-differs',
]);

export type UnrankedReason = z.infer<typeof unrankedReasonSchema>;

const placeSchema = z.strictObject({
  playerId: playerIdSchema,
  name: playerNameSchema,
  isBot: z.boolean(),
  /** Null if there is a reason not to rank the result. Ties share a rank: 1, 1, 3. */
  rank: z.int().min(1).max(maxParticipants).nullable(),
  unranked: z.array(unrankedReasonSchema),
});

/** Statistics of somebody who need not be a person: without a limit of the speed. */
const anyStatsSchema = typingStatsSchema.extend({ wpm: z.number().min(0), raw: z.number().min(0) });

/** A player's result of one round. */
export const standingSchema = placeSchema.extend({
  /** From the start to the receipt of the last keystroke, as the server decided it; null without a finish. */
  timeMs: z.int().min(0).nullable(),
  ...anyStatsSchema.shape,
});

export type Standing = z.infer<typeof standingSchema>;

/** A player's result of a whole race: `wpm` is the mean of its rounds. */
export const raceStandingSchema = placeSchema.extend({ wpm: z.number().min(0) });

export type RaceStanding = z.infer<typeof raceStandingSchema>;
