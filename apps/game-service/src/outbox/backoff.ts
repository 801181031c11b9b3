export interface Backoff {
  /** The longest pause after the first failure; doubled by each further one. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * The pause after so many failures in a row. At least half of it is random, so that instances do not come back to a
 * service together.
 *
 * @param failures 1 or more
 * @param random from 0 up to 1
 */
export function pauseAfter(failures: number, { baseMs, maxMs }: Backoff, random: number): number {
  const longest = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return longest / 2 + (longest / 2) * random;
}

/**
 * `Retry-After` of a response (RFC 9110, section 10.2.3) in ms: seconds or a date.
 *
 * @param longestMs a larger value must not stop the sender for days
 */
export function retryAfterMs(header: string | null, now: number, longestMs: number): number {
  if (header === null) return 0;
  const wanted = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(wanted) ? 0 : Math.min(Math.max(0, wanted), longestMs);
}
