import { type Keystroke, replay, type Words } from '@typerush/typing';
import { type JoinedRoom, type Seat } from './join-room';
import { type Held } from './reference-room';
import {
  batchesOf,
  type ScheduledBatch,
  seededRandom,
  singlesOf,
  typeText,
} from './typing-schedule';

/** A player who types. */
export interface Racer {
  readonly seat: Seat;
  /** Of all racers. */
  readonly number: number;
  readonly raceId: string;
  readonly startAt: number;
  readonly words: Words;
  readonly batches: readonly ScheduledBatch[];
  readonly sent: Keystroke[];
}

/** Starts the races of all rooms, spread over `spreadMs`, so that their ticks are not in phase. */
export async function startRaces(
  rooms: readonly JoinedRoom[],
  spreadMs: number,
  divide: 'batches' | 'singles',
): Promise<Racer[]> {
  const started = rooms.map(async (room, number) => {
    await new Promise((resolve) => setTimeout(resolve, (number / rooms.length) * spreadMs));
    const { raceId, startAt, words } = await room.start();
    return room.seats.map((seat, index): Racer => {
      const of = number * room.seats.length + index;
      const keystrokes = typeText(words, seededRandom(of));
      const batches = divide === 'batches' ? batchesOf(keystrokes) : singlesOf(keystrokes);
      return { seat, number: of, raceId, startAt, words, batches, sent: [] };
    });
  });
  return (await Promise.all(started)).flat();
}

/** Whether the server holds what a replay of everything sent gives. */
export function isRight({ words, sent }: Pick<Racer, 'words' | 'sent'>, held: Held): boolean {
  const { typed, current } = replay(words, { advance: 'correct' }, sent);
  const before = words.slice(0, typed.length).reduce((sum, word) => sum + word.length + 1, 0);
  const inWord = Math.min([...current].length, words[typed.length]?.length ?? 0);
  return (
    held.position === before + inWord && JSON.stringify(held.keystrokes) === JSON.stringify(sent)
  );
}
