import { isRight } from './racers';
import { countdownMs, ReferenceRoom, wordsOfRoom } from './reference-room';
import { batchesOf, seededRandom, typeText } from './typing-schedule';

const words = wordsOfRoom(3);
const keystrokes = typeText(words, seededRandom(3));
const batches = batchesOf(keystrokes);

function startedRoom() {
  const room = new ReferenceRoom(3);
  const { raceId, startAt } = room.begin('1b4e28ba-2fa1-41d2-883f-0016d3cca427', 0);
  const send = (seq: number, events: unknown, dueMs: number) =>
    room.accept(0, { raceId, round: 1, seq, events }, startAt + dueMs);
  return { room, startAt, send };
}

describe('the reference race of other transports', () => {
  it('holds what a replay of everything sent gives', () => {
    const { room, send } = startedRoom();
    for (const { seq, events, dueMs } of batches) expect(send(seq, events, dueMs)).toBe(seq);
    expect(isRight({ words, sent: keystrokes }, room.held(0))).toBe(true);
    expect(isRight({ words, sent: keystrokes.slice(0, -1) }, room.held(0))).toBe(false);
  });

  it('reports each move once', () => {
    const { room, send } = startedRoom();
    send(1, [[100, words[0]?.[0]]], 150);
    expect(room.moved()).toEqual([[0, 1]]);
    expect(room.moved()).toEqual([]);
  });

  it('acknowledges each batch once, also one that moves nothing', () => {
    const { room, send } = startedRoom();
    send(
      1,
      [
        [50, words[0]?.[0]],
        [50, '\b'],
      ],
      150,
    );
    expect(room.moved()).toEqual([]);
    expect(room.acknowledged()).toEqual([[0, 0, 1]]);
    expect(room.acknowledged()).toEqual([]);
  });

  it.each([
    ['a key that is none', 1, [[100, 'ab']], 150, 'INVALID_REQUEST'],
    ['a gap', 2, [[100, 'a']], 150, 'SEQ_GAP'],
    ['keys before the start', 1, [[0, 'a']], -countdownMs, 'TOO_EARLY'],
    ['keys of the future', 1, [[5_000, 'a']], 150, 'AHEAD_OF_TIME'],
  ])('refuses %s, as game-service does', (_, seq, events, dueMs, code) => {
    expect(() => startedRoom().send(seq, events, dueMs)).toThrow(code);
  });

  it('refuses more keystrokes than anybody types', () => {
    const { send } = startedRoom();
    send(1, Array(64).fill([0, 'a']), 150);
    expect(() => send(2, Array(64).fill([0, 'a']), 150)).toThrow('TOO_FAST');
  });
});
