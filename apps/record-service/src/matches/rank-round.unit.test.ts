import { type FinishedRound, type ReplayedStanding } from '@typerush/contracts';
import { type Keystroke } from '@typerush/typing';
import fc from 'fast-check';
import { english, sampleRound, typist } from '../../test/sample-round';
import { rankRound } from './rank-round';

const change = (round: FinishedRound, index: number, changes: Partial<ReplayedStanding>) => ({
  ...round,
  players: round.players.map((player, at) => (at === index ? { ...player, ...changes } : player)),
});

const summary = (round: FinishedRound) =>
  rankRound(round).map(({ name, rank, unranked }) => [name, rank, ...unranked]);

describe('ranking a round from its replays', () => {
  const round = sampleRound({
    typists: [typist({ name: 'Ada', wpm: 90 }), typist({ name: 'Bob', wpm: 60 })],
  });

  it('gives what game-service claims, digit for digit', () => {
    const computed = rankRound(round).map(({ typedMs: _, ...standing }) => standing);
    const claimed = round.players.map(({ keystrokes: _, arrivals: __, ...standing }) => standing);
    expect(computed).toEqual(claimed);
  });

  it.each<[string, Partial<ReplayedStanding>]>([
    ['speed', { wpm: 299.99 }],
    ['raw speed', { raw: 1 }],
    ['accuracy', { accuracy: 12.5 }],
    ['consistency', { consistency: 99.99 }],
    ['characters', { characters: { correct: 1, incorrect: 0, extra: 0, missed: 0 } }],
    ['time before its keystrokes arrived', { timeMs: 1 }],
    ['time after its keystrokes arrived', { timeMs: 3_000_000 }],
    ['missing time', { timeMs: null }],
    ['arrivals of other keystrokes', { arrivals: [[1, 5]] }],
  ])('keeps a player unranked whose claim has another %s', (_what, claim) => {
    expect(summary(change(round, 0, claim))).toEqual([
      ['Bob', 1],
      ['Ada', null, 'replay-differs'],
    ]);
  });

  it('keeps the statistics of the replay, not the claimed ones', () => {
    const [, cheat] = rankRound(change(round, 0, { wpm: 299.99 }));
    expect(cheat?.wpm).toBe(round.players[0]?.wpm);
  });

  it('finds what nobody can type, even if the writer did not', () => {
    const even = (round.players[0]?.keystrokes ?? []).map(([, key]): Keystroke => [100, key]);
    const [, robot] = rankRound(change(round, 0, { keystrokes: even }));
    expect(robot).toMatchObject({ rank: null, unranked: expect.arrayContaining(['too-even']) });
  });

  it('never ranks whom the writer did not', () => {
    expect(summary(change(round, 0, { unranked: ['held-back'], rank: null }))).toEqual([
      ['Bob', 1],
      ['Ada', null, 'held-back'],
    ]);
  });

  it('does not rank bots, nor a text that is not complete, nor practice without an end', () => {
    const bots = sampleRound({ typists: [typist({ name: 'Bot', isBot: true }), typist()] });
    expect(summary(bots)[1]).toEqual(['Bot', null, 'bot']);
    const half = round.players[1]?.keystrokes.slice(0, 9) ?? [];
    const stopped = change(round, 1, { keystrokes: half, timeMs: null, rank: null });
    expect(rankRound(stopped)[1]?.unranked).toContain('unfinished');
    const open = sampleRound({ mode: 'open', typists: [typist()] });
    expect(summary(open)).toEqual([['Zoë 李雷', null, 'open-ended']]);
  });

  it('ranks practice by its own clock', () => {
    const practice = sampleRound({ mode: 'words', typists: [typist({ name: 'Ada' })] });
    expect(summary(practice)).toEqual([['Ada', 1]]);
    const late = (practice.players[0]?.timeMs ?? 0) + 1;
    expect(summary(change(practice, 0, { timeMs: late }))).toEqual([
      ['Ada', null, 'replay-differs'],
    ]);
  });

  it('refuses a text and a version of the rules that it does not know', () => {
    const list = { ...english, list: 'klingon' };
    expect(() => rankRound({ ...round, passage: list })).toThrow(
      expect.objectContaining({ code: 'PASSAGE_UNKNOWN' }),
    );
    expect(() => rankRound({ ...round, typingVersion: 2 })).toThrow(
      expect.objectContaining({ code: 'TYPING_VERSION_UNKNOWN' }),
    );
  });

  it('never ranks a claim that differs, whatever is claimed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('wpm', 'raw', 'accuracy', 'consistency', 'timeMs'),
        fc.integer({ min: 0, max: 30_000 }).map((value) => value / 100),
        (field, value) => {
          const own = round.players[0]?.[field] ?? 0;
          const isSame = field === 'timeMs' ? Math.abs(own - value) <= 152 : own === value;
          const claimed = rankRound(change(round, 0, { [field]: value }));
          const ada = claimed.find(({ name }) => name === 'Ada');
          expect(ada?.rank !== null).toBe(isSame);
        },
      ),
    );
  });
});
