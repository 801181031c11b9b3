import { z } from 'zod';

const milliseconds = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

/** `t0`: the client's time in milliseconds, from any start. */
export const clockRequestSchema = z.strictObject({ t0: milliseconds });

export type ClockRequest = z.infer<typeof clockRequestSchema>;

/** `t1`: the server's time, in milliseconds since 1970. With the time of arrival it gives offset and round trip. */
export const clockReadingSchema = z.strictObject({ t0: milliseconds, t1: milliseconds });

export type ClockReading = z.infer<typeof clockReadingSchema>;
