import { type PlayerId } from '@typerush/contracts';
import { type Rate, TokenBucket } from '../sockets/token-bucket';

/** The longest practice and a short one at once, and in the long run what no person types faster. */
const rate: Rate = { burst: 25_000, perSecond: 40 };

/** A player that is forgotten has the whole burst again. */
const MAX_PLAYERS = 10_000;

/** How many keystrokes a player may send: each costs time to replay, also if none counts in the end. */
export class KeystrokeBudget {
  /** The player that came last is at the end. */
  private readonly buckets = new Map<PlayerId, TokenBucket>();

  /** @param now milliseconds; only differences count */
  constructor(private readonly now: () => number) {}

  /** Takes so many keystrokes, or returns false. */
  take(playerId: PlayerId, keystrokes: number): boolean {
    const bucket = this.buckets.get(playerId) ?? new TokenBucket(rate, this.now);
    this.buckets.delete(playerId);
    this.buckets.set(playerId, bucket);
    if (this.buckets.size > MAX_PLAYERS) {
      const [oldest] = this.buckets.keys();
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    return bucket.take(keystrokes);
  }
}
