import { setTimeout as wait } from 'node:timers/promises';
import { type EventBridgeEvent, type PublishEvent } from './event';

export interface WebhookOptions {
  readonly url: string;
  /** @default 1000 */
  readonly capacity?: number;
  /** Waits before the second and each further attempt. @default 0.5, 1, 2 and 4 s */
  readonly delaysMs?: readonly number[];
  /** Of an attempt. @default 5 s */
  readonly timeoutMs?: number;
  /** An event was dropped: the queue is full, or all attempts failed. */
  readonly onDrop: (event: EventBridgeEvent, reason: string) => void;
}

export interface Webhook {
  readonly publish: PublishEvent;
  /** Ends at once: what is in the queue is dropped. */
  close(): Promise<void>;
}

/** Posts events to an address in their order, one at a time, from a queue. */
export function createWebhook(options: WebhookOptions): Webhook {
  const {
    url,
    capacity = 1_000,
    delaysMs = [500, 1_000, 2_000, 4_000],
    timeoutMs = 5_000,
    onDrop,
  } = options;
  const queue: EventBridgeEvent[] = [];
  const closing = new AbortController();
  let sending: Promise<void> | undefined;

  const attempt = async (body: string) => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the response is ${response.status}`);
  };
  const send = async (event: EventBridgeEvent) => {
    const body = JSON.stringify(event);
    for (const delay of [...delaysMs, undefined]) {
      try {
        return await attempt(body);
      } catch (error) {
        if (closing.signal.aborted) return;
        if (delay === undefined) return onDrop(event, (error as Error).message);
        await wait(delay, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  };
  const sendAll = async () => {
    for (let next = queue.shift(); next && !closing.signal.aborted; next = queue.shift()) {
      await send(next);
    }
    sending = undefined;
  };
  return {
    publish: (event) => {
      const dropped = queue.length >= capacity ? queue.shift() : undefined;
      if (dropped) onDrop(dropped, 'the queue is full');
      queue.push(event);
      sending ??= sendAll();
    },
    close: async () => {
      closing.abort();
      await sending;
    },
  };
}
