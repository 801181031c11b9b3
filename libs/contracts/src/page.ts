import { z } from 'zod';

/** Where the next page begins, as a response has it; its content is not part of the contract. */
export const cursorSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-]+$/);

export const maxPageSize = 100;

/** The query of a list: where it begins, and at most how many entries. */
export const pageRequestSchema = z.strictObject({
  cursor: cursorSchema.optional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(25),
});

export type PageRequest = z.infer<typeof pageRequestSchema>;
