import { type KeystrokeBatch, type Resumed, type Round } from '@typerush/contracts';
import {
  type Keystroke,
  replay,
  step,
  type TypingRules,
  type TypingState,
  type Words,
} from '@typerush/typing';

/** The most keystrokes in one batch, as in the contract (whose schemas are too much for a page). */
export const MAX_BATCH = 64;

/** How long a keystroke waits for others, in ms. */
export const FLUSH_MS = 200;

export interface RoundTypingOptions {
  readonly round: Round;
  readonly words: Words;
  /** Sends a batch. Its outcome comes back by `acknowledge`, or by `resend`. */
  readonly send: (batch: KeystrokeBatch) => void;
}

/**
 * What one player types in one round, at the player's end: the state to show, the batches that have not been acknowledged,
 * and the keystrokes that have not been sent.
 */
export class RoundTyping {
  state: TypingState;
  private keystrokes: Keystroke[] = [];
  private typedMs = 0;
  /** How many keystrokes are in batches. */
  private batched = 0;
  private unacknowledged: KeystrokeBatch[] = [];
  private lastSeq = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOpen = true;

  constructor(private readonly options: RoundTypingOptions) {
    this.state = replay(options.words, this.rules, []);
  }

  get round(): Round {
    return this.options.round;
  }

  /** Everything typed in this round, for the graph of a result. */
  get typed(): readonly Keystroke[] {
    return this.keystrokes;
  }

  /** Whether the server has acknowledged everything. */
  get isSettled(): boolean {
    return this.batched === this.keystrokes.length && this.isAcknowledged;
  }

  /** Whether the server has acknowledged everything that was sent. */
  get isAcknowledged(): boolean {
    return this.unacknowledged.length === 0;
  }

  /**
   * Before the start, after the finish and after the limit it does nothing.
   *
   * @param at when the key was pressed, on the server's clock
   */
  type(key: string, at: number): TypingState {
    const { startAt, limitMs } = this.round;
    const elapsedMs = Math.round(at - startAt);
    if (elapsedMs < 0 || elapsedMs > limitMs || this.state.finishedAtMs !== undefined) {
      return this.state;
    }
    const dtMs = Math.max(0, elapsedMs - this.typedMs);
    this.keystrokes.push([dtMs, key]);
    this.typedMs += dtMs;
    this.state = step(this.state, [dtMs, key]);
    const isFull = this.keystrokes.length - this.batched >= MAX_BATCH;
    if (key === ' ' || isFull || this.state.finishedAtMs !== undefined) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
    return this.state;
  }

  /** Sends what has not been sent. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.isOpen && this.batched < this.keystrokes.length) {
      const events = this.keystrokes.slice(this.batched, this.batched + MAX_BATCH);
      const { raceId, round } = this.round;
      const batch: KeystrokeBatch = { raceId, round, seq: (this.lastSeq += 1), events };
      this.batched += events.length;
      this.unacknowledged.push(batch);
      this.options.send(batch);
    }
  }

  acknowledge(seq: number): void {
    this.unacknowledged = this.unacknowledged.filter((batch) => batch.seq > seq);
  }

  /** Sends what has not been acknowledged again, divided as before: the server may hold some of it. */
  resend(): void {
    if (!this.isOpen) return;
    for (const batch of this.unacknowledged) this.options.send(batch);
  }

  /** Keeps what is typed, for the connection is lost. */
  pause(): void {
    this.isOpen = false;
  }

  /** Goes on after what the server has accepted, which this end may not know if it is new. */
  resume({ seq, keystrokes }: Pick<NonNullable<Resumed['typed']>, 'seq' | 'keystrokes'>): void {
    if (keystrokes.length > this.keystrokes.length) {
      this.keystrokes = [...keystrokes];
      this.typedMs = keystrokes.reduce((sum, [dtMs]) => sum + dtMs, 0);
      this.state = replay(this.options.words, this.rules, keystrokes);
    }
    this.unacknowledged = [];
    this.batched = keystrokes.length;
    this.lastSeq = seq;
    this.isOpen = true;
    this.flush();
  }

  /** Sends nothing more. */
  close(): void {
    this.isOpen = false;
    clearTimeout(this.timer);
  }

  private get rules(): TypingRules {
    const { advance, mode, limitMs } = this.round;
    return mode === 'wave-rush' ? { advance, limitMs } : { advance };
  }
}
