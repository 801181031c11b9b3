import { z } from 'zod';

/** The body of every response of record-service with a status of 400 or above, `application/problem+json` (RFC 9457). */
export const problemDetailsSchema = z.strictObject({
  /** `about:blank`: the problem is the status and the code. */
  type: z.literal('about:blank'),
  /** The reason phrase of the status. */
  title: z.string(),
  status: z.int().min(400).max(599),
  /** Stable, for programs: `INVALID_REQUEST`, `NOT_FOUND`, ... */
  code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  /** Human-readable: what failed, and how to fix it. */
  detail: z.string(),
  /** To be named in a report of the failure. */
  requestId: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export type ProblemDetails = z.infer<typeof problemDetailsSchema>;
