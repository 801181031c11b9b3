import { type EventName, type SocketEvents } from './socket-events';
import { type Rate, TokenBucket } from './token-bucket';

/** Of all events of a connection together. */
const allEvents: Rate = { burst: 60, perSecond: 30 };

/** What one connection may still send: of each event, and of all of them. */
export class EventBudget {
  private readonly all: TokenBucket;
  private readonly byEvent = new Map<EventName, TokenBucket>();

  /** @param now milliseconds; only differences count */
  constructor(
    private readonly events: SocketEvents,
    private readonly now: () => number,
  ) {
    this.all = new TokenBucket(allEvents, now);
  }

  /** Takes what an event costs, or returns false. @param event undefined for one that is not known */
  take(event: EventName | undefined): boolean {
    if (!this.all.take()) return false;
    if (!event) return true;
    let bucket = this.byEvent.get(event);
    if (!bucket) {
      bucket = new TokenBucket(this.events[event].rate, this.now);
      this.byEvent.set(event, bucket);
    }
    return bucket.take();
  }
}
