import { z } from 'zod';

/** The body of every HTTP answer with a status of 400 or above. */
export const errorBodySchema = z.strictObject({
  error: z.strictObject({
    /** Stable, for programs: `INVALID_REQUEST`, `NOT_FOUND`, ... */
    code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    /** For people: what was wrong and what to do. */
    message: z.string(),
    /** What to name when reporting the failure. */
    requestId: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

export type ErrorBody = z.infer<typeof errorBodySchema>;
