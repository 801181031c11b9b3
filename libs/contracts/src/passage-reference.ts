import { z } from 'zod';

/** What the typed text can be made from again: a word list in one of its versions, and a seed. */
export const passageReferenceSchema = z.strictObject({
  list: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  version: z.int().min(1).max(10_000),
  seed: z.int().min(0).max(0xffff_ffff),
});

export type PassageReference = z.infer<typeof passageReferenceSchema>;
