/** Wakes a room up: one timer at most, for the earliest time that the room has named. */
export class RoomTimer {
  private pending: { readonly handle: NodeJS.Timeout; readonly dueAt: number } | undefined;

  constructor(private readonly wake: () => void) {}

  /** Times in ms on the same clock. A time after the one that is set changes nothing: the room is woken up before. */
  wakeAt(dueAt: number, now: number): void {
    if (this.pending && this.pending.dueAt <= dueAt) return;
    this.stop();
    const handle = setTimeout(
      () => {
        this.pending = undefined;
        this.wake();
      },
      Math.max(0, Math.ceil(dueAt - now)),
    );
    this.pending = { handle, dueAt };
  }

  stop(): void {
    clearTimeout(this.pending?.handle);
    this.pending = undefined;
  }
}
