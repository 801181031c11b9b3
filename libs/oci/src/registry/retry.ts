import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { RegistryError } from './registry-error';

export interface RetryPolicy {
  /** After the first attempt. */
  readonly retries: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { retries: 4, minDelayMs: 200, maxDelayMs: 5000 };

/** Tries again after 429, 5xx and lost connections, with growing delays; any other error stands. */
export async function withRetry<T>(policy: RetryPolicy, attempt: () => Promise<T>): Promise<T> {
  return pRetry(attempt, {
    retries: policy.retries,
    minTimeout: policy.minDelayMs,
    maxTimeout: policy.maxDelayMs,
    randomize: true,
    shouldRetry: ({ error }) => isTransient(error),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      // On top of the delay, and no longer than the longest one: a registry must not hold us for minutes.
      const asked = error instanceof RegistryError ? (error.retryAfterMs ?? 0) : 0;
      if (retriesLeft > 0 && isTransient(error)) await sleep(Math.min(asked, policy.maxDelayMs));
    },
  });
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  if (error.status === undefined) return error.code === 'UNREACHABLE' && !isNoSuchHost(error);
  return error.status === 429 || error.status >= 500;
}

function isNoSuchHost(error: RegistryError): boolean {
  return (error.cause as { code?: string } | undefined)?.code === 'ENOTFOUND';
}
