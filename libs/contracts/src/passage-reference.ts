import { z } from 'zod';

/** What the typed text can be made from again: a word list in one of its versions, a seed, and how it was made. */
export const passageReferenceSchema = z.strictObject({
  list: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  version: z.int().min(1).max(10_000),
  seed: z.int().min(0).max(0xffff_ffff),
  /** How many words; absent for a quote. */
  words: z.int().min(1).max(2_000).optional(),
  punctuation: z.boolean().optional(),
  numbers: z.boolean().optional(),
});

export type PassageReference = z.infer<typeof passageReferenceSchema>;
