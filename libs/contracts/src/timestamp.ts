import { z } from 'zod';

/** A moment in UTC to the millisecond, as `Date.toISOString` writes it. */
export const timestampSchema = z.iso.datetime({ precision: 3 });

export type Timestamp = z.infer<typeof timestampSchema>;
