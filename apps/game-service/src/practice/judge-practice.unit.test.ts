import { finishedRoundSchema, type PracticeSettings } from '@typerush/contracts';
import { type Keystroke } from '@typerush/typing';
import { player } from '../../test/game-fixtures';
import { durationOf, practiceScript } from '../../test/practice-script';
import { judgePractice } from './judge-practice';
import { planPractice } from './practice-plan';

const issuedAt = Date.parse('2026-11-27T10:00:00.000Z');
const options = { list: 'english-200', punctuation: false, numbers: false } as const;

function practice(settings: PracticeSettings) {
  const raceId = '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11';
  const ticket = { raceId, issuedAt, ...planPractice(settings, 3) };
  const judge = (typed: readonly Keystroke[], sinceMs = durationOf(typed) + 5_000) =>
    judgePractice(ticket, player(1), typed, issuedAt + sinceMs);
  return { ticket, judge, script: practiceScript(ticket) };
}

const words = practice({ mode: 'words', words: 25, ...options });
const time = practice({ mode: 'time', seconds: 15, ...options });
const open = practice({ mode: 'open', ...options });
const quote = practice({ mode: 'quote' });

describe('a practice', () => {
  it.each([
    ['words', words],
    ['time', time],
    ['quote', quote],
  ])('of %s is ranked, and a round as record-service takes it', (_mode, { judge, script }) => {
    const round = judge(script);
    expect(finishedRoundSchema.parse(round)).toEqual(round);
    expect(round.players).toMatchObject([{ rank: 1, unranked: [], arrivals: [] }]);
    expect(Date.parse(round.finishedAt) - Date.parse(round.startedAt)).toBe(durationOf(script));
  });

  it('without an end is kept, and not ranked', () => {
    const { players } = open.judge(open.script.slice(0, 200));
    expect(players).toMatchObject([{ rank: null, unranked: ['open-ended'] }]);
  });

  it('of words that ends before its text is kept, and not ranked', () => {
    const { players } = words.judge(words.script.slice(0, -1));
    expect(players).toMatchObject([{ rank: null, unranked: ['unfinished'], timeMs: null }]);
  });

  it('that no person can have typed is kept, and not ranked', () => {
    const even = words.script.map(([, key]): Keystroke => [100, key]);
    const [standing] = words.judge(even).players;
    expect(standing?.rank).toBeNull();
    expect(standing?.unranked).toContain('too-even');
  });

  it.each<[string, { judge: typeof words.judge }, Keystroke[], string]>([
    ['a keystroke after the text', words, [...words.script, [80, 'x']], 'ALREADY_FINISHED'],
    ['a keystroke at the end of the text', words, [...words.script, [0, 'x']], 'ALREADY_FINISHED'],
    ['a keystroke after the time', time, [...time.script, [15_000, 'x']], 'TOO_LATE'],
    [
      'more than an hour',
      open,
      [
        [0, 'a'],
        [3_600_000, 'b'],
        [1, 'c'],
      ],
      'TOO_LATE',
    ],
    [
      '81 keystrokes at once',
      open,
      Array.from({ length: 81 }, () => [0, 'a'] as const),
      'TOO_FAST',
    ],
  ])('with %s is refused', (_what, { judge }, typed, code) => {
    expect(() => judge(typed)).toThrow(expect.objectContaining({ code }));
  });

  it('cannot take longer than its text has been known, but for the gain of a clock', () => {
    const typedMs = durationOf(words.script);
    expect(() => words.judge(words.script, typedMs - 251)).toThrow(
      expect.objectContaining({ code: 'AHEAD_OF_TIME' }),
    );
    const { startedAt, finishedAt } = words.judge(words.script, typedMs - 250);
    expect(Date.parse(finishedAt)).toBeGreaterThan(Date.parse(startedAt));
  });

  it('never ends before it starts, also if the clock was set back', () => {
    const round = words.judge([[0, 'a']], -100);
    expect(finishedRoundSchema.parse(round)).toEqual(round);
  });
});
