import fc from 'fast-check';
import { type Keystroke } from './keystroke';
import { findImplausibilities } from './plausibility';

const text =
  'the quick brown fox jumps over the lazy dog and then it rests a while in the warm sun';

/** Intervals of a person: even enough, with rollover, pauses between words, none the same for long. */
function typedByHand(meanMs = 120): Keystroke[] {
  const pattern = [1.1, 0.6, 1.4, 0.8, 0.3, 1.7, 1.0, 0.9, 1.3, 0.5, 1.2, 0.7, 1.6];
  return [...text].map((key, index) => [
    Math.round(meanMs * (pattern[index % pattern.length] ?? 1) + ((index * 7) % 5)),
    key,
  ]);
}

const wpm = (value: number) => ({ wpm: value });

describe('findImplausibilities', () => {
  it('finds nothing in the typing of a person', () => {
    expect(findImplausibilities(wpm(95), typedByHand())).toEqual([]);
  });

  it('finds nothing in one or two short intervals', () => {
    const rolled = typedByHand().map(([dtMs, key], index): Keystroke =>
      index === 10 || index === 30 ? [9, key] : [dtMs, key],
    );
    expect(findImplausibilities(wpm(95), rolled)).toEqual([]);
  });

  it('finds nothing in a round without keystrokes', () => {
    expect(findImplausibilities(wpm(0), [])).toEqual([]);
  });

  it('allows 300 wpm and no more', () => {
    expect(findImplausibilities(wpm(300), typedByHand())).toEqual([]);
    expect(findImplausibilities(wpm(300.01), typedByHand())).toEqual(['too-fast']);
  });

  it('finds ten keystrokes over 420 wpm', () => {
    const burst = typedByHand().map(([dtMs, key], index): Keystroke =>
      index > 20 && index <= 30 ? [20 + (index % 5) * 4, key] : [dtMs, key],
    );
    expect(findImplausibilities(wpm(120), burst)).toEqual(['burst-too-fast']);
  });

  it('finds a median below 25 ms', () => {
    const fast = [...text].map((key, index): Keystroke => [index % 3 ? 24 : 90 + index, key]);
    expect(findImplausibilities(wpm(290), fast)).toContain('median-too-short');
  });

  it('finds intervals that hardly vary', () => {
    const even = [...text].map((key, index): Keystroke => [100 + (index % 9), key]);
    expect(findImplausibilities(wpm(110), even)).toEqual(['too-even']);
  });

  it('finds one interval repeated in more than 60 % of 50 keys', () => {
    const repeated = typedByHand().map(([dtMs, key], index): Keystroke =>
      index % 3 === 0 ? [dtMs, key] : [120, key],
    );
    expect(findImplausibilities(wpm(95), repeated)).toEqual(['repeated-interval']);
  });

  it('finds a word that came at once', () => {
    const pasted = typedByHand().map(([dtMs, key], index): Keystroke =>
      index > 4 && index < 9 ? [0, key] : [dtMs, key],
    );
    expect(findImplausibilities(wpm(95), pasted)).toContain('word-at-once');
  });

  it('finds keystrokes that were held back, and allows a short outage', () => {
    const typed = typedByHand();
    const times = typed.map((_, index) =>
      typed.slice(0, index + 1).reduce((sum, [dt]) => sum + dt, 0),
    );
    const last = times.at(-1) ?? 0;
    const inTime = times.map((time) => ({ keystrokes: 1, receivedMs: time + 80 }));
    expect(findImplausibilities(wpm(95), typed, inTime)).toEqual([]);
    const together = [{ keystrokes: typed.length, receivedMs: last + 80 }];
    expect(findImplausibilities(wpm(95), typed, together)).toEqual(['held-back']);
    const outage = times.map((time, index) => ({
      keystrokes: 1,
      receivedMs: index < 20 ? (times[20] ?? 0) + 2_000 : time + 80,
    }));
    expect(findImplausibilities(wpm(95), typed, outage)).toEqual([]);
  });

  it('finds a burst or a repeated interval in whichever window it is', () => {
    const intervals = fc.array(fc.integer({ min: 20, max: 40 }), { minLength: 40, maxLength: 200 });
    fc.assert(
      fc.property(intervals, fc.constantFrom(1, 4, 20), (values, divisor) => {
        const rounded = values.map((value) => Math.floor(value / divisor) * divisor);
        const windowsOf = (length: number) =>
          rounded
            .map((_, at) => rounded.slice(at, at + length))
            .filter((one) => one.length === length);
        const isRepeated = windowsOf(50).some((window) =>
          window.some((value) => window.filter((other) => other === value).length > 30),
        );
        const isBurst = windowsOf(10).some(
          (window) => window.reduce((sum, value) => sum + value, 0) < (10 / 5 / 420) * 60_000,
        );
        const found = findImplausibilities(
          wpm(95),
          [100, ...rounded].map((dtMs): Keystroke => [dtMs, 'a']),
        );
        expect(found.includes('repeated-interval')).toBe(isRepeated);
        expect(found.includes('burst-too-fast')).toBe(isBurst);
      }),
    );
  });

  it('never throws', () => {
    const keystrokes = fc.array(fc.tuple(fc.double(), fc.string()), { maxLength: 80 });
    fc.assert(
      fc.property(fc.double(), keystrokes, (speed, typed) => {
        expect(Array.isArray(findImplausibilities(wpm(speed), typed))).toBe(true);
      }),
    );
  });
});
