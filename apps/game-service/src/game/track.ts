import { type KeystrokeBatch } from '@typerush/contracts';
import { ServiceError } from '@typerush/service-kit';
import {
  type Arrival,
  type Keystroke,
  startTyping,
  step,
  type TypingState,
} from '@typerush/typing';
import { type RoundPlan } from './round-plan';

/** When a batch came, on the server's clock, and half of the connection's round trip; in ms. */
export interface Receipt {
  readonly receivedAt: number;
  readonly halfRoundTripMs: number;
}

/** How far a client's time may be ahead of the server's. */
const AHEAD_MS = 250;

/** Keystrokes beyond the sustained rate that may come at once. */
const BURST_KEYSTROKES = 80;
const KEYSTROKES_PER_SECOND = 40;

/** No connection is credited with a longer way. */
const LONGEST_WAY_MS = 150;

/** How many batches after a missing one are held. */
const MAX_HELD = 32;

interface Held extends Receipt {
  readonly events: readonly Keystroke[];
}

/** What the server has accepted of one player's typing in one round. */
export class Track {
  readonly keystrokes: Keystroke[] = [];
  readonly arrivals: Arrival[] = [];
  /** The last batch before which none is missing. */
  seq = 0;
  /** When the text was complete, as the server decided it; in ms after the start. */
  timeMs: number | undefined;

  private state: TypingState;
  private typedMs = 0;
  private readonly held = new Map<number, Held>();
  private gapSince: number | undefined;
  private isReported = true;

  constructor(
    private readonly plan: RoundPlan,
    private readonly startAt: number,
  ) {
    this.state = startTyping(plan.words, plan.rules);
  }

  /**
   * @returns the last `seq` before which none is missing; one that came before is acknowledged and ignored
   * @throws ServiceError for keystrokes that cannot have been typed in this round; none of the batch counts then
   */
  accept({ seq, events }: Pick<KeystrokeBatch, 'seq' | 'events'>, receipt: Receipt): number {
    if (seq > this.seq) this.take(seq, events, receipt);
    // Also of a batch that came before: its sender has not received the report.
    this.isReported = false;
    return this.seq;
  }

  /** Position and last `seq` if batches have come since the last report. */
  report(): readonly [position: number, seq: number] | undefined {
    if (this.isReported) return undefined;
    this.isReported = true;
    return [this.position(), this.seq];
  }

  /** After a gap that has lasted: forgets what was held, and returns the `seq` to be sent again. */
  expireGap(now: number, gapMs: number): number | undefined {
    if (this.gapSince === undefined || now - this.gapSince < gapMs) return undefined;
    this.forgetHeld();
    return this.seq + 1;
  }

  /** The batches after a missing one will be sent again, perhaps divided otherwise. */
  forgetHeld(): void {
    this.held.clear();
    this.gapSince = undefined;
  }

  /** Characters of the text before the caret. */
  position(): number {
    const { typed, current } = this.state;
    const { words, offsets } = this.plan;
    const inWord = Math.min([...current].length, words[typed.length]?.length ?? 0);
    return (offsets[typed.length] ?? 0) + inWord;
  }

  private take(seq: number, events: readonly Keystroke[], receipt: Receipt): void {
    if (seq > this.seq + 1) {
      return this.hold(seq, { events, ...receipt });
    }
    this.apply(events, receipt);
    this.seq = seq;
    this.applyHeld();
  }

  private hold(seq: number, batch: Held): void {
    if (seq - this.seq > MAX_HELD) {
      throw refusal('SEQ_GAP', `Batch ${this.seq + 1} is missing. Send it first.`);
    }
    this.gapSince ??= batch.receivedAt;
    this.held.set(seq, batch);
  }

  /** The batches that waited for the one before them. One that is refused is sent again, and refused with its reason. */
  private applyHeld(): void {
    for (let next = this.held.get(this.seq + 1); next; next = this.held.get(this.seq + 1)) {
      this.held.delete(this.seq + 1);
      try {
        this.apply(next.events, next);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        this.held.clear();
        break;
      }
      this.seq += 1;
    }
    if (this.held.size === 0) this.gapSince = undefined;
  }

  private apply(events: readonly Keystroke[], { receivedAt, halfRoundTripMs }: Receipt): void {
    const receivedMs = receivedAt - this.startAt;
    const typedMs = events.reduce((sum, [dtMs]) => sum + dtMs, this.typedMs);
    this.check(events.length, typedMs, receivedMs);
    let { state } = this;
    for (const keystroke of events) {
      if (state.finishedAtMs !== undefined) throw alreadyFinished();
      state = step(state, keystroke);
    }
    this.state = state;
    this.typedMs = typedMs;
    this.keystrokes.push(...events);
    this.arrivals.push({ keystrokes: events.length, receivedMs: Math.round(receivedMs) });
    if (state.finishedAtMs !== undefined) {
      const way = Math.min(Math.max(0, halfRoundTripMs), LONGEST_WAY_MS);
      this.timeMs = Math.max(0, Math.round(receivedMs - way));
    }
  }

  private check(count: number, typedMs: number, receivedMs: number): void {
    if (this.timeMs !== undefined) throw alreadyFinished();
    if (receivedMs < 0) throw refusal('TOO_EARLY', 'The round has not begun.');
    if (typedMs > this.plan.limitMs) throw refusal('TOO_LATE', 'The time of the round is up.');
    if (typedMs > receivedMs + AHEAD_MS) {
      throw refusal('AHEAD_OF_TIME', 'These keystrokes lie in the future. Read the clock again.');
    }
    const most = BURST_KEYSTROKES + (KEYSTROKES_PER_SECOND * receivedMs) / 1_000;
    if (this.keystrokes.length + count > most) {
      throw refusal('TOO_FAST', 'These are more keystrokes than anybody types.');
    }
  }
}

function alreadyFinished(): ServiceError {
  return refusal('ALREADY_FINISHED', 'The text is complete: nothing more counts.');
}

function refusal(code: string, message: string): ServiceError {
  return new ServiceError(code, message);
}
