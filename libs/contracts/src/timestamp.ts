import { z } from 'zod';

/** A moment in UTC to the millisecond, as `Date.toISOString` writes it; from 1970 on, for not every database knows a year 0. */
export const timestampSchema = z.iso
  .datetime({ precision: 3 })
  .refine((text) => text >= '1970', 'must not be before 1970');

export type Timestamp = z.infer<typeof timestampSchema>;
