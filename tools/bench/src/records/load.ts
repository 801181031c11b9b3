import { setTimeout as sleep } from 'node:timers/promises';
import { type Quantiles, quantiles } from '../quantiles';

/** Makes one request. Rejects if the response is not the expected one. */
export type Send = () => Promise<unknown>;

export interface Latencies extends Quantiles {
  readonly requests: number;
}

/**
 * Sends at a fixed rate, regardless of what is still running, so that a slow server gets no fewer requests. Each latency is
 * from the moment that the request was due, in ms: waiting for a server that lags is part of it.
 */
export async function sendAtRate(send: Send, rate: number, seconds: number): Promise<Latencies> {
  const requests = rate * seconds;
  const latencies: number[] = [];
  const running: Promise<void>[] = [];
  // A rejection that nobody awaits yet would end the process.
  const failures: unknown[] = [];
  const start = performance.now();
  while (running.length < requests && failures.length === 0) {
    const due = start + (running.length * 1_000) / rate;
    const waitMs = due - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    running.push(measure(due).catch((error: unknown) => void failures.push(error)));
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
  return { requests, ...quantiles(latencies) };

  async function measure(due: number): Promise<void> {
    await send();
    latencies.push(performance.now() - due);
  }
}

/** Responses a second if each of some clients sends its next request at once. */
export async function measureThroughput(
  send: Send,
  clients: number,
  seconds: number,
): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1_000;
  let responses = 0;
  const client = async () => {
    while (performance.now() < end) {
      await send();
      responses += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return (responses * 1_000) / (performance.now() - start);
}
