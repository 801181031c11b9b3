import { type FinishedRound, type RecordState } from '@typerush/contracts';
import { type Logger, type Metrics } from '@typerush/service-kit';
import { Alarm } from './alarm';
import { type Backoff, pauseAfter } from './backoff';
import { outboxMetrics, type OutboxMetrics } from './outbox-metrics';
import { type OutboxStore } from './outbox-store';
import { type Delivery, type RecordWriter } from './record-writer';
import { type Report, type Results } from './results';

export interface OutboxOptions {
  readonly store: OutboxStore;
  readonly writer: Pick<RecordWriter, 'write'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How many results are sent at once. @default 4 */
  readonly concurrency?: number;
  /** @default from 0.5 to 30 seconds */
  readonly backoff?: Backoff;
  /** How often the store is searched for results of other processes. @default 10000 */
  readonly rescanMs?: number;
}

/** A result on its way to record-service. */
interface Entry {
  readonly addedAt: number;
  readonly report?: Report | undefined;
  failures: number;
  /** Not sent before, on the monotonic clock. */
  dueAt: number;
  state: 'storing' | 'waiting' | 'sending';
}

/**
 * Keeps results until record-service has them, and sends them: each at least once, which record-service makes once. While
 * record-service is unavailable, one result at a time is tried, with growing pauses; a result that alone fails waits alone.
 */
export class Outbox implements Results {
  private readonly entries = new Map<string, Entry>();
  private readonly sends = new Set<Promise<void>>();
  private readonly options: Required<OutboxOptions>;
  private readonly metrics: OutboxMetrics;
  private readonly aborter = new AbortController();
  /** In a row, of record-service as a whole. */
  private failures = 0;
  private pausedUntil = 0;
  private scannedAt = -Infinity;
  private isSender = false;
  private isClosing = false;
  private readonly alarm = new Alarm();
  private readonly running: Promise<void>;

  constructor(options: OutboxOptions) {
    this.options = {
      concurrency: 4,
      backoff: { baseMs: 500, maxMs: 30_000 },
      rescanMs: 10_000,
      ...options,
    };
    this.metrics = outboxMetrics(options.metrics, this);
    this.running = this.run();
  }

  get pendingCount(): number {
    return this.entries.size;
  }

  oldestMs(): number {
    let oldest = Date.now();
    for (const { addedAt } of this.entries.values()) oldest = Math.min(oldest, addedAt);
    return Date.now() - oldest;
  }

  async keep(round: FinishedRound, report?: Report): Promise<RecordState> {
    const name = `${round.raceId}.${round.round}`;
    // Known before it is stored: a scan that finds the file must not send it without the report.
    const entry = this.know(name, { addedAt: Date.now(), state: 'storing', report });
    let state: RecordState = 'queued';
    try {
      await this.options.store.add(name, JSON.stringify(round));
    } catch (err) {
      this.options.logger.error({ err, name }, 'result lost: it could not be kept');
      this.metrics.results.inc({ outcome: 'lost' });
      state = 'lost';
      if (entry) this.entries.delete(name);
    }
    report?.(state);
    if (entry) entry.state = 'waiting';
    this.alarm.wake();
    return state;
  }

  /** Sends what can be sent within this time; the rest stays in the store. */
  async close(flushMs: number): Promise<void> {
    const { store, logger } = this.options;
    const endsAt = monotonic() + flushMs;
    const isDone = () => this.entries.size === 0 || (store.isDurable && !this.isFlowing);
    while (!isDone() && monotonic() < endsAt) {
      this.alarm.wake();
      await Promise.race([...this.sends, pause(20)]);
    }
    this.isClosing = true;
    this.aborter.abort();
    this.alarm.wake();
    await this.running;
    await Promise.all(this.sends);
    if (this.isSender) await store.release();
    const left = this.entries.size;
    if (left > 0 && store.isDurable) logger.info({ left }, 'results are sent after the next start');
    else if (left > 0) logger.error({ left }, 'results lost: the outbox is in memory');
  }

  /** Whether results are being accepted, as far as it is known. */
  private get isFlowing(): boolean {
    return this.isSender && this.failures === 0;
  }

  private async run(): Promise<void> {
    while (!this.isClosing) {
      try {
        await this.claim();
        await this.rescan();
        if (this.isSender) this.sendDue();
      } catch (err) {
        this.options.logger.error({ err }, 'outbox cannot be read');
      }
      await this.alarm.sleep(Math.min(this.untilDue(), this.options.rescanMs));
    }
  }

  private async claim(): Promise<void> {
    if (this.isSender) return;
    const onLost = () => {
      this.isSender = false;
      this.options.logger.warn('another process sends the results of this folder');
    };
    this.isSender = await this.options.store.claim(onLost);
    // What the former sender was about to do is unknown.
    if (this.isSender) this.scannedAt = -Infinity;
  }

  /** Finds the results of a former process and of others, and forgets what others have sent. */
  private async rescan(): Promise<void> {
    if (monotonic() - this.scannedAt < this.options.rescanMs) return;
    const gone = new Set<string>();
    for (const [name, { state }] of this.entries) if (state === 'waiting') gone.add(name);
    const stored = await this.options.store.list();
    this.scannedAt = monotonic();
    for (const { name, addedAt } of stored) {
      gone.delete(name);
      this.know(name, { addedAt, state: 'waiting' });
    }
    for (const name of gone) {
      if (this.entries.get(name)?.state === 'waiting') this.entries.delete(name);
    }
  }

  /** @returns undefined if it is known already */
  private know(
    name: string,
    entry: Pick<Entry, 'addedAt' | 'state' | 'report'>,
  ): Entry | undefined {
    if (this.entries.has(name)) return undefined;
    const added = { ...entry, failures: 0, dueAt: 0 };
    this.entries.set(name, added);
    return added;
  }

  /** A service that was unavailable is tried with one result. */
  private get isBusy(): boolean {
    return this.sends.size >= (this.failures > 0 ? 1 : this.options.concurrency);
  }

  private sendDue(): void {
    const now = monotonic();
    if (now < this.pausedUntil) return;
    for (const [name, entry] of this.entries) {
      if (this.isBusy) return;
      if (entry.state !== 'waiting' || entry.dueAt > now) continue;
      entry.state = 'sending';
      const send = this.send(name, entry).finally(() => {
        entry.state = 'waiting';
        this.sends.delete(send);
        this.alarm.wake();
      });
      this.sends.add(send);
    }
  }

  /** Never rejects. */
  private async send(name: string, entry: Entry): Promise<void> {
    const { store, writer, logger } = this.options;
    try {
      const content = await store.read(name);
      // Another process has sent it.
      if (content === undefined) return void this.entries.delete(name);
      const delivery = await writer.write(content, this.aborter.signal);
      if (!this.aborter.signal.aborted || delivery.type === 'recorded') {
        await this.settle(name, entry, delivery);
      }
    } catch (err) {
      logger.error({ err, name }, 'outbox cannot be changed');
      this.postpone(entry, 0);
    }
  }

  private async settle(name: string, entry: Entry, delivery: Delivery): Promise<void> {
    const { store, logger } = this.options;
    switch (delivery.type) {
      case 'recorded':
        this.recover();
        await store.remove(name);
        return this.end(name, entry, 'recorded');
      case 'rejected':
        this.recover();
        logger.error({ name, reason: delivery.reason }, 'result rejected: set aside');
        await store.setAside(name, delivery.reason);
        return this.end(name, entry, 'rejected');
      case 'failed':
        this.recover();
        logger.warn({ name, reason: delivery.reason }, 'result not recorded yet');
        return this.postpone(entry, delivery.retryAfterMs);
      case 'unavailable':
        return this.suspend(delivery);
    }
  }

  private end(name: string, { report }: Entry, outcome: 'recorded' | 'rejected'): void {
    this.entries.delete(name);
    this.metrics.results.inc({ outcome });
    report?.(outcome);
  }

  private postpone(entry: Entry, retryAfterMs: number): void {
    entry.failures += 1;
    entry.dueAt = monotonic() + this.pauseAfter(entry.failures, retryAfterMs);
    this.metrics.retries.inc();
  }

  private suspend({ reason, retryAfterMs }: Extract<Delivery, { type: 'unavailable' }>): void {
    const now = monotonic();
    this.metrics.retries.inc();
    // Of results that were sent together, the first one has reported it.
    if (now < this.pausedUntil) return;
    if (this.failures === 0) {
      this.options.logger.warn(
        { reason, left: this.entries.size },
        'record-service unavailable: results wait',
      );
    }
    this.failures += 1;
    this.pausedUntil = now + this.pauseAfter(this.failures, retryAfterMs);
  }

  private recover(): void {
    if (this.failures > 0) {
      this.options.logger.info({ left: this.entries.size }, 'results are sent again');
    }
    this.failures = 0;
    this.pausedUntil = 0;
  }

  private pauseAfter(failures: number, retryAfterMs: number): number {
    return Math.max(retryAfterMs, pauseAfter(failures, this.options.backoff, Math.random()));
  }

  /** In ms; the end of a send wakes the sender anyway. */
  private untilDue(): number {
    if (!this.isSender || this.isBusy) return Infinity;
    let dueAt = Infinity;
    for (const entry of this.entries.values()) {
      if (entry.state === 'waiting') dueAt = Math.min(dueAt, entry.dueAt);
    }
    return Math.max(1, Math.max(this.pausedUntil, dueAt) - monotonic());
  }
}

function monotonic(): number {
  return performance.now();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
