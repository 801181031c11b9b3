import { keystrokeBatchSchema } from '@typerush/contracts';
import { passageOf, PASSAGES_VERSION } from '@typerush/passages';
import { type Keystroke, startTyping, step, type TypingState, wordsOf } from '@typerush/typing';

export const seatsOfRoom = 4;
export const tickMs = 100;
export const countdownMs = 3_000;

/** What the server holds of one player. */
export interface Held {
  readonly position: number;
  readonly keystrokes: readonly Keystroke[];
}

/** What announces a race. */
export interface RaceStart {
  readonly raceId: string;
  readonly startAt: number;
}

interface Track {
  state: TypingState;
  typedMs: number;
  seq: number;
  readonly keystrokes: Keystroke[];
  readonly arrivals: { readonly keystrokes: number; readonly receivedMs: number }[];
  sent: number;
  sentSeq: number;
}

/** The bounds that game-service checks. */
const AHEAD_MS = 250;
const BURST_KEYSTROKES = 80;
const KEYSTROKES_PER_SECOND = 40;
const LIMIT_MS = 900_000;

/** The text of a room. */
export function wordsOfRoom(number: number) {
  const reference = { list: 'english-1k', version: PASSAGES_VERSION, seed: number, words: 100 };
  return wordsOf(passageOf({ ...reference, punctuation: false, numbers: false } as never).text);
}

/**
 * A race as game-service validates it, for the servers of other transports: the same schema, sequence, times, rate and
 * reducer. It has no lobby, no resume, no finish and no record.
 */
export class ReferenceRoom {
  private start: RaceStart | undefined;
  private readonly tracks: Track[];
  private readonly offsets: number[];
  private readonly words;

  constructor(number: number) {
    this.words = wordsOfRoom(number);
    let offset = 0;
    this.offsets = [0, ...this.words.map((word) => (offset += word.length + 1))];
    this.tracks = Array.from({ length: seatsOfRoom }, () => ({
      state: startTyping(this.words, { advance: 'correct' as const }),
      ...{ typedMs: 0, seq: 0, keystrokes: [], arrivals: [], sent: 0, sentSeq: 0 },
    }));
  }

  begin(raceId: string, now: number): RaceStart {
    return (this.start = { raceId, startAt: now + countdownMs });
  }

  /** @returns the last `seq` @throws Error for what cannot have been typed */
  accept(index: number, payload: unknown, now: number): number {
    const parsed = keystrokeBatchSchema.safeParse(payload);
    const { start } = this;
    const track = this.tracks[index];
    if (!parsed.success || !track || !start) throw new Error('INVALID_REQUEST');
    const { raceId, round, seq, events } = parsed.data;
    if (raceId !== start.raceId || round !== 1) throw new Error('WRONG_ROUND');
    if (seq <= track.seq) return track.seq;
    if (seq > track.seq + 1) throw new Error('SEQ_GAP');
    const receivedMs = now - start.startAt;
    const typedMs = events.reduce((sum, [dtMs]) => sum + dtMs, track.typedMs);
    if (receivedMs < 0) throw new Error('TOO_EARLY');
    if (typedMs > LIMIT_MS) throw new Error('TOO_LATE');
    if (typedMs > receivedMs + AHEAD_MS) throw new Error('AHEAD_OF_TIME');
    const most = BURST_KEYSTROKES + (KEYSTROKES_PER_SECOND * receivedMs) / 1_000;
    if (track.keystrokes.length + events.length > most) throw new Error('TOO_FAST');
    let { state } = track;
    for (const keystroke of events) {
      if (state.finishedAtMs !== undefined) throw new Error('ALREADY_FINISHED');
      state = step(state, keystroke);
    }
    Object.assign(track, { state, typedMs, seq });
    track.keystrokes.push(...events);
    track.arrivals.push({ keystrokes: events.length, receivedMs: Math.round(receivedMs) });
    return seq;
  }

  position(index: number): number {
    const track = this.tracks[index];
    if (!track) return 0;
    const { typed, current } = track.state;
    const inWord = Math.min([...current].length, this.words[typed.length]?.length ?? 0);
    return (this.offsets[typed.length] ?? 0) + inWord;
  }

  /** Index and position of the players that have moved since the last call. */
  moved(): [number, number][] {
    return this.tracks.flatMap((track, index) => {
      const position = this.position(index);
      if (position === track.sent) return [];
      track.sent = position;
      return [[index, position] as [number, number]];
    });
  }

  /** Index, position and last `seq` of the players whose batches have come since the last call. */
  acknowledged(): [number, number, number][] {
    return this.tracks.flatMap((track, index) => {
      if (track.seq === track.sentSeq) return [];
      track.sentSeq = track.seq;
      return [[index, this.position(index), track.seq] as [number, number, number]];
    });
  }

  held(index: number): Held {
    return { position: this.position(index), keystrokes: this.tracks[index]?.keystrokes ?? [] };
  }
}
