import { z } from 'zod';
import { matchKeySchema } from './match-key';
import { socketErrorSchema } from './socket-reply';

/** The most keystrokes in one batch. */
export const maxBatchKeystrokes = 64;

/** Backspace and delete-word. */
const editingKeys = '\b\u0017';

/** One code point, no half of a pair, and no control character but the editing keys. */
const key = z.string().regex(new RegExp(`^(?:[^\\p{Cc}\\p{Cs}]|[${editingKeys}])$`, 'u'));

/** Milliseconds since the keystroke before it (the first: since the round's start), and what was typed. */
export const keystrokeSchema = z.tuple([z.int().min(0).max(3_600_000), key]).readonly();

/** What a player typed, in the order of `seq`: 1, 2, 3, ... in each round. */
export const keystrokeBatchSchema = z.strictObject({
  ...matchKeySchema.shape,
  seq: z.int().min(1).max(100_000),
  events: z.array(keystrokeSchema).min(1).max(maxBatchKeystrokes),
});

export type KeystrokeBatch = z.infer<typeof keystrokeBatchSchema>;

/** Why a batch was refused: none of it counts. */
export const keystrokesRefusedSchema = z.strictObject({
  /** Absent if the batch could not be read, or was not read. */
  batch: keystrokeBatchSchema.pick({ raceId: true, round: true, seq: true }).optional(),
  error: socketErrorSchema,
});

export type KeystrokesRefused = z.infer<typeof keystrokesRefusedSchema>;

/** The highest `seq` up to which every batch of the round has been accepted; 0 before the first. */
export const keystrokeReceiptSchema = z.strictObject({ seq: z.int().min(0) });

export type KeystrokeReceipt = z.infer<typeof keystrokeReceiptSchema>;
