interface Reading {
  readonly roundTripMs: number;
  readonly offsetMs: number;
}

/** How many readings count: an old one misses the drift of the clocks. */
const KEPT = 10;

/** The server's clock as this end knows it. Of the last readings the one with the smallest round trip counts. */
export class ServerClock {
  private readings: Reading[] = [];

  /** @param localNow milliseconds from any start, never set back, such as `performance.now` */
  constructor(private readonly localNow: () => number) {}

  /** Half of the smallest round trip is the largest error. */
  get roundTripMs(): number | undefined {
    return this.best()?.roundTripMs;
  }

  /** @param ask sends `t0` and returns the server's time; a rejected one is no reading */
  async read(ask: (t0: number) => Promise<number>): Promise<void> {
    const t0 = this.localNow();
    const t1 = await ask(t0);
    const roundTripMs = this.localNow() - t0;
    this.readings = [
      ...this.readings,
      { roundTripMs, offsetMs: t1 - (t0 + roundTripMs / 2) },
    ].slice(-KEPT);
  }

  /** The server's time of a local time, in ms since 1970. Before the first reading it is the local time. */
  at(local: number): number {
    return local + (this.best()?.offsetMs ?? 0);
  }

  now(): number {
    return this.at(this.localNow());
  }

  private best(): Reading | undefined {
    return this.readings.reduce<Reading | undefined>(
      (best, one) => (best && best.roundTripMs <= one.roundTripMs ? best : one),
      undefined,
    );
  }
}
