import fc from 'fast-check';
import { ServerClock } from './server-clock';

/** A clock over a connection with these delays, there and back; the server's time is 1,000,000 ms ahead. */
async function clockOver(delays: readonly (readonly [number, number])[]): Promise<ServerClock> {
  let local = 0;
  const clock = new ServerClock(() => local);
  for (const [there, back] of delays) {
    await clock.read(async () => {
      local += there;
      const t1 = local + 1_000_000;
      local += back;
      return t1;
    });
  }
  return clock;
}

describe('the server’s clock', () => {
  it('is the local one before the first reading', () => {
    expect(new ServerClock(() => 7).now()).toBe(7);
  });

  it('is exact over a connection that is as slow there as back', async () => {
    const clock = await clockOver([[40, 40]]);
    expect(clock.at(0)).toBe(1_000_000);
    expect(clock.roundTripMs).toBe(80);
  });

  it('takes the reading with the smallest round trip', async () => {
    const clock = await clockOver([
      [300, 20],
      [10, 12],
      [20, 500],
    ]);
    expect(clock.at(0)).toBe(999_999);
  });

  it('forgets readings that are old', async () => {
    const many = Array.from({ length: 10 }, () => [60, 20] as const);
    expect((await clockOver([[1, 1], ...many])).roundTripMs).toBe(80);
  });

  it('is wrong by at most half of the smallest round trip', async () => {
    const delay = fc.integer({ min: 0, max: 2_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(delay, delay), { minLength: 1, maxLength: 10 }),
        async (delays) => {
          const clock = await clockOver(delays);
          const smallest = Math.min(...delays.map(([there, back]) => there + back));
          expect(Math.abs(clock.at(0) - 1_000_000)).toBeLessThanOrEqual(smallest / 2);
        },
      ),
    );
  });

  it('does not count a reading that fails', async () => {
    const clock = new ServerClock(() => 7);
    await expect(clock.read(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(clock.roundTripMs).toBeUndefined();
  });
});
