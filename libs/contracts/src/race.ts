import { z } from 'zod';
import { gameModeSchema } from './game-mode';
import { matchKeySchema } from './match-key';
import { maxParticipants } from './ranks';
import { passageReferenceSchema } from './passage-reference';
import { playerIdSchema } from './player-id';
import { raceStandingSchema, standingSchema } from './standing';

/** Milliseconds since 1970 on the server's clock. */
const serverTime = z.number().min(0);

/**
 * Counts what a room has sent but ticks: an event with a `sequence` at or below the one of a snapshot is in the snapshot.
 */
export const roomSequenceSchema = z.int().min(0);

/** A round that is about to begin, or runs. The text is known from here on, and not before. */
export const roundSchema = z.strictObject({
  ...matchKeySchema.shape,
  rounds: z.int().min(1),
  mode: gameModeSchema,
  passage: passageReferenceSchema,
  /** `correct`: a word has to be correct before the next one begins. */
  advance: z.enum(['correct', 'any']),
  startAt: serverTime,
  /** No keystroke counts later than this, in ms after the start. */
  limitMs: z.int().min(1),
  /** The players of the race; ticks name them by their index here. */
  roster: z.array(playerIdSchema).min(1).max(maxParticipants),
});

export type Round = z.infer<typeof roundSchema>;

/** Index in the roster. */
const racerIndex = z
  .int()
  .min(0)
  .max(maxParticipants - 1);

/** Characters of the text before the caret. */
const position = z.int().min(0);

/** The last batch up to which every one has been accepted. */
const acceptedSeq = z.int().min(0);

/**
 * At most ten a second: the round, and the players whose batches have come since the last tick, each with the position and
 * the last `seq`. So one message, the same for all, moves the carets and acknowledges what was sent.
 */
export const tickSchema = z
  .tuple([z.int().min(1), z.array(z.tuple([racerIndex, position, acceptedSeq]).readonly())])
  .readonly();

export type Tick = z.infer<typeof tickSchema>;

export const countdownSchema = roundSchema.extend({ sequence: roomSequenceSchema });

export type Countdown = z.infer<typeof countdownSchema>;

/** Somebody has completed the text, `timeMs` after the start. */
export const finishSchema = z.strictObject({
  sequence: roomSequenceSchema,
  ...matchKeySchema.shape,
  playerId: playerIdSchema,
  timeMs: z.int().min(0),
});

export type Finish = z.infer<typeof finishSchema>;

/** The ranked players first, best first. */
export const roundResultSchema = z.strictObject({
  sequence: roomSequenceSchema,
  ...matchKeySchema.shape,
  standings: z.array(standingSchema),
});

export type RoundResult = z.infer<typeof roundResultSchema>;

/** The ranked players first, best first. */
export const raceResultSchema = z.strictObject({
  sequence: roomSequenceSchema,
  raceId: matchKeySchema.shape.raceId,
  mode: gameModeSchema,
  standings: z.array(raceStandingSchema),
});

export type RaceResult = z.infer<typeof raceResultSchema>;

/** The race has ended without a result, and nothing is recorded. */
export const abortedSchema = z.strictObject({
  sequence: roomSequenceSchema,
  raceId: matchKeySchema.shape.raceId,
  reason: z.enum(['host', 'stopping']),
});

export type Aborted = z.infer<typeof abortedSchema>;

/** Batches from `seq` on have not arrived: they have to be sent again. */
export const resendSchema = z.strictObject({
  ...matchKeySchema.shape,
  seq: z.int().min(1),
});

export type Resend = z.infer<typeof resendSchema>;

/** A race in progress, as a snapshot. */
export const raceSnapshotSchema = roundSchema.extend({
  positions: z.array(z.tuple([racerIndex, position]).readonly()),
  finished: z.array(finishSchema.pick({ playerId: true, timeMs: true })),
});

export type RaceSnapshot = z.infer<typeof raceSnapshotSchema>;
