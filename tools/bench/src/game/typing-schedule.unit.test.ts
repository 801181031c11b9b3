import { type Keystroke, replay, wordsOf } from '@typerush/typing';
import { wordsOfRoom } from './reference-room';
import { batchesOf, keysPerSecond, seededRandom, singlesOf, typeText } from './typing-schedule';

const words = wordsOfRoom(7);
const keystrokes = typeText(words, seededRandom(7));
const total = keystrokes.reduce((sum, [dtMs]) => sum + dtMs, 0);

describe('the schedule of a player', () => {
  it('types the whole text, with errors', () => {
    const { finishedAtMs, keystrokes: typed } = replay(words, { advance: 'correct' }, keystrokes);
    expect(finishedAtMs).toBe(total);
    expect(typed.incorrect).toBeGreaterThan(0);
  });

  it('has eight keys a second', () => {
    const perSecond = keystrokes.length / (total / 1_000);
    expect(Math.abs(perSecond - keysPerSecond)).toBeLessThan(0.3);
  });

  it('depends on the seed alone, and no two players are in phase', () => {
    expect(typeText(words, seededRandom(7))).toEqual(keystrokes);
    expect(typeText(words, seededRandom(8))).not.toEqual(keystrokes);
  });

  it('has every keystroke in one batch, and none later than 200 ms after it was typed', () => {
    const batches = batchesOf(keystrokes);
    expect(batches.flatMap(({ events }) => events)).toEqual(keystrokes);
    expect(batches.map(({ seq }) => seq)).toEqual(batches.map((_, index) => index + 1));
    let typedAt = 0;
    for (const { events, dueMs } of batches) {
      const firstAt = typedAt + (events[0]?.[0] ?? 0);
      typedAt += events.reduce((sum, [dtMs]) => sum + dtMs, 0);
      expect(dueMs).toBeGreaterThanOrEqual(typedAt);
      expect(dueMs).toBeLessThanOrEqual(firstAt + 200);
    }
  });

  it('ends a batch at a space, at once', () => {
    const typed: Keystroke[] = [
      [100, 'a'],
      [50, ' '],
      [60, 'b'],
      [250, 'c'],
    ];
    expect(batchesOf(typed)).toEqual([
      { dueMs: 150, seq: 1, events: typed.slice(0, 2) },
      { dueMs: 410, seq: 2, events: typed.slice(2, 3) },
      { dueMs: 460, seq: 3, events: typed.slice(3) },
    ]);
  });

  it('sends carets one by one, each when it is typed', () => {
    const [first, second] = singlesOf(typeText(wordsOf('ab'), () => 0.5));
    expect([first?.dueMs, second?.dueMs]).toEqual([125, 250]);
  });
});
