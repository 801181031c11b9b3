import { type Keystroke, wordsOf } from '@typerush/typing';
import { type RoundPlan } from './round-plan';
import { Track } from './track';

const startAt = 1_000_000;
const plan: RoundPlan = {
  passage: { list: 'quotes', version: 1, seed: 1 },
  words: wordsOf('to be or not'),
  offsets: [0, 3, 6, 9, 13],
  rules: { advance: 'correct' },
  limitMs: 60_000,
};

/** A key every 100 ms. */
const keys = (text: string) => [...text].map((key): Keystroke => [100, key]);
const at = (ms: number, halfRoundTripMs = 0) => ({ receivedAt: startAt + ms, halfRoundTripMs });

function setUp() {
  const track = new Track(plan, startAt);
  const accept = (seq: number, text: string, ms: number) =>
    track.accept({ seq, events: keys(text) }, at(ms));
  return { track, accept };
}

describe('a track', () => {
  it('acknowledges the last batch before which none is missing', () => {
    const { accept } = setUp();
    expect(accept(1, 'to ', 300)).toBe(1);
    expect(accept(2, 'be ', 600)).toBe(2);
  });

  it('acknowledges a batch again, and ignores it', () => {
    const { track, accept } = setUp();
    accept(1, 'to ', 300);
    expect(accept(1, 'xx', 400)).toBe(1);
    expect(track.keystrokes).toHaveLength(3);
    expect(track.position()).toBe(3);
  });

  it('holds batches after a missing one, and applies them in order', () => {
    const { track, accept } = setUp();
    expect(accept(3, 'or ', 900)).toBe(0);
    expect(accept(2, 'be ', 950)).toBe(0);
    expect(track.keystrokes).toEqual([]);
    expect(accept(1, 'to ', 1_000)).toBe(3);
    expect(track.position()).toBe(9);
  });

  it('forgets what it holds after two seconds, and names the batch to be sent again', () => {
    const { track, accept } = setUp();
    accept(1, 'to ', 300);
    accept(3, 'or ', 900);
    expect(track.expireGap(startAt + 2_899, 2_000)).toBeUndefined();
    expect(track.expireGap(startAt + 2_900, 2_000)).toBe(2);
    expect(track.expireGap(startAt + 9_000, 2_000)).toBeUndefined();
    expect(accept(2, 'be ', 9_100)).toBe(2);
  });

  it('is not stopped by a held batch that turns out to be wrong', () => {
    const { accept } = setUp();
    accept(2, 'x'.repeat(60), 700);
    expect(accept(1, 'to ', 800)).toBe(1);
    expect(accept(2, 'be ', 900)).toBe(2);
  });

  it('finishes when the last batch comes, less half of the round trip, of at most 150 ms', () => {
    const timeWith = (halfRoundTripMs: number) => {
      const { track } = setUp();
      track.accept({ seq: 1, events: keys('to be or not') }, at(1_500, halfRoundTripMs));
      return track.timeMs;
    };
    expect(timeWith(0)).toBe(1_500);
    expect(timeWith(40)).toBe(1_460);
    expect(timeWith(5_000)).toBe(1_350);
    expect(timeWith(-5_000)).toBe(1_500);
  });

  it.each([
    ['TOO_EARLY', 'before the start', keys('t'), -1],
    ['AHEAD_OF_TIME', 'more than 250 ms ahead of the server', keys('to b'), 149],
    ['TOO_LATE', 'after the limit', [[60_001, 't']] as Keystroke[], 60_100],
    [
      'TOO_FAST',
      'faster than 40 a second',
      [...'t'.repeat(90)].map((): Keystroke => [0, 'x']),
      240,
    ],
    ['ALREADY_FINISHED', 'after the finish in the same batch', keys('to be or notx'), 1_500],
  ])('refuses with %s what was typed %s', (code, _what, events, ms) => {
    const { track } = setUp();
    expect(() => track.accept({ seq: 1, events }, at(ms))).toThrow(
      expect.objectContaining({ code }) as Error,
    );
    expect(track).toMatchObject({ keystrokes: [], arrivals: [], seq: 0, timeMs: undefined });
  });

  it('accepts what is 250 ms ahead of the server', () => {
    expect(setUp().accept(1, 'to b', 150)).toBe(1);
  });

  it('accepts much at once after a time without a connection', () => {
    const { track } = setUp();
    const events = keys('xxxxxxxxxx\b\b\b\b\b\b\b\b\b\b'.repeat(30));
    for (let seq = 1; seq <= 10; seq += 1) {
      track.accept({ seq, events: events.slice((seq - 1) * 60, seq * 60) }, at(60_000));
    }
    expect(track.keystrokes).toHaveLength(600);
  });

  it('refuses input after the finish', () => {
    const { accept } = setUp();
    accept(1, 'to be or not', 1_500);
    expect(() => accept(2, 'x', 1_700)).toThrow(
      expect.objectContaining({ code: 'ALREADY_FINISHED' }) as Error,
    );
  });

  it('refuses a batch far after the one that is missing', () => {
    expect(() => setUp().accept(34, 'x', 500)).toThrow(
      expect.objectContaining({ code: 'SEQ_GAP' }) as Error,
    );
  });
});
