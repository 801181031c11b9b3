import { z } from 'zod';

/** Identifies a match: writing the same key twice keeps one. Rounds count from 1. */
export const matchKeySchema = z.strictObject({
  raceId: z.uuid().toLowerCase(),
  round: z.int().min(1).max(100),
});

export type MatchKey = z.infer<typeof matchKeySchema>;
