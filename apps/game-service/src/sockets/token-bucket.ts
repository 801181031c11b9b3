/** So many at once, so many a second in the long run. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** Limits the rate of one caller's events. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  /** @param now milliseconds; only differences count */
  constructor(
    private readonly rate: Rate,
    private readonly now: () => number,
  ) {
    this.tokens = rate.burst;
    this.filledAt = now();
  }

  /** Takes so many tokens, or returns false and takes none if there are fewer. */
  take(count = 1): boolean {
    const at = this.now();
    // A clock that was set back gives nothing, and takes nothing away.
    const gained = (Math.max(0, at - this.filledAt) / 1_000) * this.rate.perSecond;
    this.tokens = Math.min(this.rate.burst, this.tokens + gained);
    this.filledAt = at;
    if (this.tokens < count) return false;
    this.tokens -= count;
    return true;
  }
}
