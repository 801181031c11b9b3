import { type Keystroke, summarize } from './summary';

const key = (change: number, frame: number, isInNextFrame = true): Keystroke => ({
  change,
  frame,
  painted: change + frame + 5,
  isInNextFrame,
});

describe('the summary of keystrokes', () => {
  it('counts what the next frame shows, and what fits into a frame', () => {
    const { keys, inNextFrame, withinFrame } = summarize([
      key(1, 2),
      key(1, 15),
      key(1, 16),
      key(1, 2, false),
    ]);
    expect([keys, inNextFrame, withinFrame]).toEqual([4, 0.75, 0.75]);
  });

  it('has the quantiles of the work, which leaves out the wait for the frame', () => {
    const all = Array.from({ length: 100 }, (_, index) => key(index, 1));
    expect(summarize(all).work).toEqual({ p50: 51, p99: 100, max: 100 });
    expect(summarize(all).painted.p50).toBe(56);
  });
});
