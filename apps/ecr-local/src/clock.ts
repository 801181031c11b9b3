/** The source of every date in ecr-local, so that a test can move it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** A clock that goes on from where it is moved to. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
  /** @throws RangeError for a time before the present one: dates that are stored would lie in the future. */
  set(time: Date): void;
}

/** The last moment that ISO 8601 can write with four digits of a year. */
const latest = Date.parse('9999-01-01T00:00:00Z');

export function movableClock(base: Clock): MovableClock {
  let offset = 0;
  const now = () => new Date(base().getTime() + offset);
  const advance = (ms: number) => {
    const to = now().getTime() + ms;
    if (!(ms >= 0 && to < latest)) {
      throw new RangeError(
        `Cannot move the clock from ${now().toISOString()}: expected a later time, before the year 9999.`,
      );
    }
    offset += ms;
  };
  return Object.assign(now, {
    advance,
    set: (time: Date) => advance(time.getTime() - now().getTime()),
  });
}
