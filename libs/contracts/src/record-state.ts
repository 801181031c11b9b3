import { z } from 'zod';
import { matchKeySchema } from './match-key';

export const recordStateSchema = z.enum([
  /** game-service keeps it until record-service has it. */
  'queued',
  'recorded',
  /** record-service will never accept it. */
  'rejected',
  /** It could not be kept, for example on a full disk. */
  'lost',
  /** This server keeps no records. */
  'off',
]);

/** Where the result of a round is on its way to the records. */
export type RecordState = z.infer<typeof recordStateSchema>;

export const roundRecordSchema = z.strictObject({
  ...matchKeySchema.shape,
  state: recordStateSchema,
});

export type RoundRecord = z.infer<typeof roundRecordSchema>;
