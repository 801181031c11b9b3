/** Aborts a request on which nothing moves, or when the caller wants no more of it. */
export class IdleWatch {
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout;

  constructor(
    private readonly limitMs: number,
    private readonly outer?: AbortSignal,
  ) {
    this.signal = this.controller.signal;
    this.timer = this.start(limitMs);
    if (outer?.aborted) this.giveUp();
    else outer?.addEventListener('abort', this.giveUp);
  }

  /** Whether it was idleness that ended the request. */
  timedOut = false;
  private over = false;

  readonly moved = (): void => {
    if (!this.over) this.timer.refresh();
  };

  /**
   * The body has been handed over. The kernel may hold some megabytes of it which we cannot see move, and the registry
   * has it all to check: the answer may take twice as long as anything else.
   */
  readonly sent = (): void => {
    // An answer may come before all has been sent.
    if (this.over) return;
    clearTimeout(this.timer);
    this.timer = this.start(2 * this.limitMs);
  };

  readonly stop = (): void => {
    this.over = true;
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.giveUp);
  };

  private start(limitMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.timedOut = true;
      this.controller.abort();
    }, limitMs);
  }

  private readonly giveUp = (): void => {
    this.controller.abort();
  };
}
