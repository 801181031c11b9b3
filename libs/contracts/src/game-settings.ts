import { z } from 'zod';

export const wordListSchema = z.enum(['english-200', 'english-1k', 'english-5k']);

/** `words`: how many words of a list; a quote has its own length. */
const typeRaceSettingsSchema = z.strictObject({
  mode: z.literal('type-race'),
  list: z.enum([...wordListSchema.options, 'quotes']),
  words: z.int().min(10).max(100),
  punctuation: z.boolean(),
  numbers: z.boolean(),
});

/** No quotes: a wave ends by its time, so that its text must be long enough for everybody. */
const waveRushSettingsSchema = z.strictObject({
  mode: z.literal('wave-rush'),
  list: wordListSchema,
  waves: z.int().min(1).max(15),
  waveSeconds: z.int().min(5).max(15),
  pauseSeconds: z.int().min(3).max(5),
  punctuation: z.boolean(),
  numbers: z.boolean(),
});

/** What is raced in a room. */
export const gameSettingsSchema = z.discriminatedUnion('mode', [
  typeRaceSettingsSchema,
  waveRushSettingsSchema,
]);

export type GameSettings = z.infer<typeof gameSettingsSchema>;
