import { z } from 'zod';

const speed = z.number().min(0).max(1_000).multipleOf(0.01);
const percentage = z.number().min(0).max(100).multipleOf(0.01);
const count = z.int().min(0).max(100_000);

/** How one player typed one text: words a minute and percentages to two decimals, characters counted. */
export const typingStatsSchema = z.strictObject({
  wpm: speed,
  raw: speed,
  accuracy: percentage,
  consistency: percentage,
  characters: z.strictObject({ correct: count, incorrect: count, extra: count, missed: count }),
});

export type TypingStats = z.infer<typeof typingStatsSchema>;
