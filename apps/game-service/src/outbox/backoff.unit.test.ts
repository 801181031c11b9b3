import { pauseAfter, retryAfterMs } from './backoff';

const backoff = { baseMs: 500, maxMs: 30_000 };

describe('a pause', () => {
  it.each([
    [1, 250, 500],
    [2, 500, 1_000],
    [5, 4_000, 8_000],
    [7, 15_000, 30_000],
    [1_000, 15_000, 30_000],
  ])('after %i failures is from %i to %i ms', (failures, shortest, longest) => {
    expect(pauseAfter(failures, backoff, 0)).toBe(shortest);
    expect(pauseAfter(failures, backoff, 1 - Number.EPSILON)).toBeCloseTo(longest, 3);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-27T10:00:00Z');
  it.each([
    [null, 0],
    ['3', 3_000],
    [' 3 ', 3_000],
    ['Fri, 27 Nov 2026 10:00:05 GMT', 5_000],
    ['Fri, 27 Nov 2026 09:00:00 GMT', 0],
    ['99999999999', 600_000],
    ['soon', 0],
    ['', 0],
  ])('%j is %i ms', (header, ms) => {
    expect(retryAfterMs(header, now, 600_000)).toBe(ms);
  });
});
