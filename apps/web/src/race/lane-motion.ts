import { type Round } from '@typerush/contracts';
import { type Words } from '@typerush/typing';

/** A wave has no end to reach: a full lane is what this speed makes of it. */
const FULL_LANE_WPM = 200;

/** The characters that fill a lane. */
export function laneLength(
  { mode, limitMs }: Pick<Round, 'mode' | 'limitMs'>,
  words: Words,
): number {
  if (mode === 'wave-rush') return (FULL_LANE_WPM * 5 * limitMs) / 60_000;
  return Math.max(
    1,
    words.reduce((sum, word) => sum + word.length + 1, -1),
  );
}

interface Sample {
  readonly at: number;
  readonly position: number;
}

/** Shown this much later than received, so that there is a later sample to move to: a tick and a half. */
export const DELAY_MS = 150;

/** Where a player is between the ticks. Times are those of `performance.now`. */
export class LaneMotion {
  private samples: readonly Sample[] = [];

  /** The newest position, without the delay. */
  get position(): number {
    return this.samples.at(-1)?.position ?? 0;
  }

  add(position: number, at: number): void {
    const last = this.samples.at(-1);
    // A player who did not move is in no tick: the movement begins now, not at the last tick.
    const rest =
      last && at - last.at > DELAY_MS ? [{ at: at - DELAY_MS, position: last.position }] : [];
    const samples = [...this.samples, ...rest, { at, position }];
    // What is shown needs the last one before it, however many come at once after a pause of the network.
    const before = samples.findLastIndex((sample) => sample.at <= at - 2 * DELAY_MS);
    this.samples = samples.slice(Math.max(0, before));
  }

  at(now: number): number {
    const shownAt = now - DELAY_MS;
    const next = this.samples.findIndex((sample) => sample.at > shownAt);
    if (next === -1) return this.position;
    const after = this.samples[next];
    const before = this.samples[next - 1];
    if (!after || !before) return 0;
    const share = (shownAt - before.at) / (after.at - before.at);
    return before.position + share * (after.position - before.position);
  }
}
