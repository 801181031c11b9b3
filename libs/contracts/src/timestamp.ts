import { z } from 'zod';

/** A time in UTC to the millisecond, in the format of `Date.toISOString`; from 1970 on, as not every database has a year 0. */
export const timestampSchema = z.iso
  .datetime({ precision: 3 })
  .refine((text) => text >= '1970', 'must not be before 1970');

export type Timestamp = z.infer<typeof timestampSchema>;
