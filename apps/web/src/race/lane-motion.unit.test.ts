import * as fc from 'fast-check';
import { DELAY_MS, laneLength, LaneMotion } from './lane-motion';

describe('LaneMotion', () => {
  it('moves evenly from one tick to the next', () => {
    const lane = new LaneMotion();
    lane.add(0, 1_000);
    lane.add(10, 1_100);
    expect(lane.at(1_000 + DELAY_MS)).toBe(0);
    expect(lane.at(1_050 + DELAY_MS)).toBeCloseTo(5);
    expect(lane.at(1_100 + DELAY_MS)).toBe(10);
    expect(lane.at(9_000)).toBe(10);
  });

  it('does not crawl through a pause', () => {
    const lane = new LaneMotion();
    lane.add(4, 1_000);
    lane.add(8, 5_000);
    expect(lane.at(4_800 + DELAY_MS)).toBe(4);
  });

  it('is at the start before anything is known', () => expect(new LaneMotion().at(5)).toBe(0));

  it('does not go back to the start when many ticks come at once', () => {
    const lane = new LaneMotion();
    lane.add(0, 1_000);
    lane.add(50, 1_100);
    for (let burst = 1; burst <= 10; burst += 1) lane.add(50 + burst, 2_000 + burst);
    expect(lane.at(2_020)).toBeGreaterThanOrEqual(50);
  });

  it('never leaves the range of what it received, and never moves back while positions grow', () => {
    const steps = fc.array(fc.tuple(fc.nat(400), fc.nat(20)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(steps, (ticks) => {
        const lane = new LaneMotion();
        let [at, position, shown] = [1_000, 0, 0];
        for (const [ms, moved] of ticks) {
          lane.add((position += moved), (at += ms + 1));
          const now = lane.at(at);
          expect(now).toBeGreaterThanOrEqual(shown - 1e-9);
          expect(now).toBeLessThanOrEqual(position);
          shown = now;
        }
      }),
    );
  });
});

describe('the length of a lane', () => {
  const words = [['a', 'b'], ['c']];

  it('is that of the text with its spaces, which a position counts too', () => {
    expect(laneLength({ mode: 'type-race', limitMs: 60_000 }, words)).toBe(4);
  });

  it('depends on the time in a wave, whose text is too long to complete', () => {
    expect(laneLength({ mode: 'wave-rush', limitMs: 6_000 }, words)).toBe(100);
  });
});
