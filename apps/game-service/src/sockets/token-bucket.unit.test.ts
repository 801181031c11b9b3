import fc from 'fast-check';
import { TokenBucket } from './token-bucket';

describe('a token bucket', () => {
  it('gives its burst at once, then as many a second as its rate', () => {
    let now = 0;
    const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, () => now);
    const take = (count: number) => Array.from({ length: count }, () => bucket.take());
    expect(take(4)).toEqual([true, true, true, false]);
    now = 499;
    expect(bucket.take()).toBe(false);
    now = 500;
    expect(take(2)).toEqual([true, false]);
    now = 60_000;
    expect(take(4)).toEqual([true, true, true, false]);
  });

  it('gives several at once or none', () => {
    const bucket = new TokenBucket({ burst: 3, perSecond: 1 }, () => 0);
    expect([bucket.take(4), bucket.take(2), bucket.take(2), bucket.take()]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('never gives more than burst and rate allow, even if the clock jumps', () => {
    const steps = fc.array(fc.integer({ min: -500, max: 1_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (list) => {
        let now = 0;
        let forward = 0;
        let taken = 0;
        const bucket = new TokenBucket({ burst: 5, perSecond: 10 }, () => now);
        for (const step of list) {
          now += step;
          forward += Math.max(0, step);
          if (bucket.take()) taken += 1;
        }
        expect(taken).toBeLessThanOrEqual(5 + (forward / 1_000) * 10 + 1e-6);
      }),
    );
  });
});
