import { z } from 'zod';

/** The body of every HTTP response with a status of 400 or above. */
export const errorBodySchema = z.strictObject({
  error: z.strictObject({
    /** Stable, for programs: `INVALID_REQUEST`, `NOT_FOUND`, ... */
    code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    /** Human-readable: what failed, and how to fix it. */
    message: z.string(),
    /** To be named in a report of the failure. */
    requestId: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

export type ErrorBody = z.infer<typeof errorBodySchema>;
