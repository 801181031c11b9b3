import fc from 'fast-check';
import { parseRetryAfter } from './registry-error';
import { RegistryError } from './registry-error';
import { isTransient, type RetryEvent, withRetry } from './retry';

const failure = (status: number, retryAfterMs?: number) =>
  new RegistryError('X', 'no', { host: 'h', status, retryAfterMs });

/** An operation that always fails, and its retry events. */
async function attempts(error: unknown, policy: Parameters<typeof withRetry>[0]['policy']) {
  const events: RetryEvent[] = [];
  let count = 0;
  const trying = withRetry({ policy, onRetry: (event) => events.push(event) }, async () => {
    count += 1;
    throw error;
  });
  await expect(trying).rejects.toBe(error);
  return { events, count };
}

describe('withRetry', () => {
  it('pauses randomly up to a limit that doubles until the maximum', async () => {
    const policy = { retries: 5, minDelayMs: 2, maxDelayMs: 8 };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(429, 500, 502, 503, 504), async (status) => {
        const { events, count } = await attempts(failure(status), policy);
        expect(count).toBe(6);
        const limits = [2, 4, 8, 8, 8];
        events.forEach(({ delayMs }, index) => {
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(limits[index] ?? 0);
        });
      }),
      { numRuns: 10 },
    );
  });

  it('waits at least for the Retry-After of the registry', async () => {
    const policy = { retries: 1, minDelayMs: 1, maxDelayMs: 2 };
    const { events } = await attempts(failure(429, 30), policy);
    expect(events[0]?.delayMs).toBeGreaterThanOrEqual(30);
  });

  it('fails if Retry-After exceeds the maximum', async () => {
    const policy = { retries: 3, minDelayMs: 1, maxDelayMs: 2, maxRetryAfterMs: 1000 };
    expect(await attempts(failure(429, 1001), policy)).toEqual({ events: [], count: 1 });
  });

  it('does not retry other errors', async () => {
    const policy = { retries: 3, minDelayMs: 1, maxDelayMs: 2 };
    for (const error of [new Error('mine'), failure(404), failure(501)]) {
      expect((await attempts(error, policy)).count).toBe(1);
    }
  });
});

describe('isTransient', () => {
  it('accepts 429 and transient 5xx, and no other status', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), (status) => {
        const passes = status === 429 || (status >= 500 && status !== 501 && status !== 505);
        expect(isTransient(failure(status))).toBe(passes);
      }),
    );
  });

  it.each([
    ['ECONNRESET', true],
    ['ECONNREFUSED', true],
    ['ENOTFOUND', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false],
  ])('returns for connection error %s: %s', (code, passes) => {
    const cause = Object.assign(new Error(code), { code });
    const error = new RegistryError('UNREACHABLE', code, { host: 'h' }, { cause });
    expect(isTransient(error)).toBe(passes);
  });
});

describe('parseRetryAfter', () => {
  it.each([
    ['2', 2000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:00:05 GMT', 4000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('parses %j as %j', (header, expected) => {
    expect(parseRetryAfter(header, 1000)).toBe(expected);
  });
});
