import {
  type Keystroke,
  startTyping,
  step,
  type TypingRules,
  type TypingState,
  type Words,
} from '@typerush/typing';

/** One text as it is practised. The first character starts the clock. Times are those of `performance.now`. */
export class PracticeRun {
  state: TypingState;
  readonly keystrokes: Keystroke[] = [];
  private startedAt: number | undefined;
  private typedMs = 0;
  private isEnded = false;

  constructor(
    readonly words: Words,
    readonly rules: TypingRules,
  ) {
    this.state = startTyping(words, rules);
  }

  get isStarted(): boolean {
    return this.startedAt !== undefined;
  }

  isOver(now: number): boolean {
    return this.isEnded || this.state.finishedAtMs !== undefined || this.remainingMs(now) === 0;
  }

  elapsedMs(now: number): number {
    return this.startedAt === undefined ? 0 : Math.max(0, now - this.startedAt);
  }

  /** Of a timed run; otherwise undefined. */
  remainingMs(now: number): number | undefined {
    const { limitMs } = this.rules;
    return limitMs === undefined ? undefined : Math.max(0, limitMs - this.elapsedMs(now));
  }

  /** Does nothing once the run is over. */
  type(key: string, at: number): TypingState {
    if (this.startedAt === undefined && /[\s\p{Cc}]/u.test(key)) return this.state;
    if (this.isOver(at)) return this.state;
    this.startedAt ??= at;
    const dtMs = Math.max(0, Math.round(at - this.startedAt) - this.typedMs);
    this.typedMs += dtMs;
    this.keystrokes.push([dtMs, key]);
    this.state = step(this.state, [dtMs, key]);
    return this.state;
  }

  /** Ends a run that has no end of its own. */
  end(): void {
    this.isEnded = true;
  }
}
