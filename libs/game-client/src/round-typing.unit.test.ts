import { type KeystrokeBatch, maxBatchKeystrokes, type Round } from '@typerush/contracts';
import { type Keystroke, wordsOf } from '@typerush/typing';
import fc from 'fast-check';
import { FLUSH_MS, MAX_BATCH, RoundTyping } from './round-typing';

const startAt = 1_000_000;
const round: Round = {
  raceId: '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11',
  round: 1,
  rounds: 1,
  mode: 'type-race',
  passage: { list: 'quotes', version: 1, seed: 1 },
  advance: 'correct',
  startAt,
  limitMs: 60_000,
  roster: ['0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a'],
};
const text = 'to be or not to be that is the question';

function setUp(change: Partial<Round> = {}) {
  const sent: KeystrokeBatch[] = [];
  const typing = new RoundTyping({
    round: { ...round, ...change },
    words: wordsOf(text),
    send: (batch) => sent.push(batch),
  });
  return { typing, sent };
}

/** A server that accepts batches in order, and ignores those that came before. */
class Server {
  seq = 0;
  readonly keystrokes: Keystroke[] = [];

  take({ seq, events }: KeystrokeBatch): number {
    if (seq === this.seq + 1) {
      this.seq = seq;
      this.keystrokes.push(...events);
    }
    return this.seq;
  }
}

describe('typing in a round', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('sends at the end of a word', () => {
    const { typing, sent } = setUp();
    for (const [index, key] of [...'to '].entries()) typing.type(key, startAt + 100 * index + 50);
    expect(sent).toEqual([
      {
        raceId: round.raceId,
        round: 1,
        seq: 1,
        events: [
          [50, 't'],
          [100, 'o'],
          [100, ' '],
        ],
      },
    ]);
  });

  it('sends after 200 ms within a word', () => {
    const { typing, sent } = setUp();
    typing.type('t', startAt + 10);
    jest.advanceTimersByTime(FLUSH_MS - 1);
    typing.type('o', startAt + 209);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(sent).toMatchObject([
      {
        seq: 1,
        events: [
          [10, 't'],
          [199, 'o'],
        ],
      },
    ]);
  });

  it('sends at the finish, and takes nothing more', () => {
    const { typing, sent } = setUp();
    for (const [index, key] of [...text, 'x'].entries()) typing.type(key, startAt + 100 * index);
    expect(sent.flatMap(({ events }) => events)).toHaveLength(text.length);
    expect(typing.state.finishedAtMs).toBe(100 * (text.length - 1));
  });

  it('sends no more at once than the contract allows', () => {
    expect(MAX_BATCH).toBe(maxBatchKeystrokes);
    const { typing, sent } = setUp();
    for (let index = 0; index < 200; index += 1) typing.type('x', startAt + index);
    typing.flush();
    expect(sent.map(({ events }) => events.length)).toEqual([64, 64, 64, 8]);
  });

  it('takes nothing before the start and after the limit', () => {
    const { typing, sent } = setUp();
    typing.type('t', startAt - 1);
    typing.type('t', startAt + 60_001);
    typing.flush();
    expect(sent).toEqual([]);
    expect(typing.state.keystrokes).toEqual({ correct: 0, incorrect: 0 });
  });

  it('lets no clock that was corrected give a negative time', () => {
    const { typing, sent } = setUp();
    typing.type('t', startAt + 100);
    typing.type('o', startAt + 60);
    typing.type(' ', startAt + 150);
    expect(sent[0]?.events).toEqual([
      [100, 't'],
      [0, 'o'],
      [50, ' '],
    ]);
  });

  it('goes on from what the server has, if that is more', () => {
    const { typing, sent } = setUp();
    typing.resume({
      seq: 4,
      keystrokes: [
        [80, 't'],
        [90, 'o'],
      ],
    });
    typing.type(' ', startAt + 300);
    expect(sent).toMatchObject([{ seq: 5, events: [[130, ' ']] }]);
    expect(typing.state.typed).toEqual(['to']);
  });

  it('loses no keystroke and repeats none, whatever the connection does', () => {
    const happening = fc.oneof(
      { weight: 8, arbitrary: fc.constant('key' as const) },
      { weight: 2, arbitrary: fc.constantFrom('deliver', 'drop the answer', 'resend') },
      { weight: 1, arbitrary: fc.constantFrom('lose', 'reload') },
    );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 120 }), (happenings) => {
        const server = new Server();
        let wire: KeystrokeBatch[] = [];
        const open = () =>
          new RoundTyping({ round, words: wordsOf(text), send: (batch) => wire.push(batch) });
        let typing = open();
        let at = startAt;
        let typed: string[] = [];
        for (const what of happenings) {
          if (what === 'key') {
            const key = 'xy \b'[(at - startAt) % 4] ?? 'x';
            typed.push(key);
            typing.type(key, (at += 7));
          } else if (what === 'resend') typing.resend();
          else if (what === 'deliver' || what === 'drop the answer') {
            for (const batch of wire.splice(0)) {
              const seq = server.take(batch);
              if (what === 'deliver') typing.acknowledge(seq);
            }
          } else {
            typing.pause();
            wire = [];
            if (what === 'reload') {
              typing = open();
              typed = server.keystrokes.map(([, key]) => key);
            }
            typing.resume(server);
          }
        }
        typing.flush();
        typing.resend();
        for (const batch of wire) typing.acknowledge(server.take(batch));
        expect(server.keystrokes.map(([, key]) => key)).toEqual(typed);
        expect(typing.isSettled).toBe(true);
        typing.close();
      }),
    );
  });
});
