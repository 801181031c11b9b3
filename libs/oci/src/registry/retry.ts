import { setTimeout as sleep } from 'node:timers/promises';
import { RegistryError } from './registry-error';

export interface RetryPolicy {
  /** After the first attempt. */
  readonly retries: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** A request fails if the registry requires a longer pause (`Retry-After`). @default 60000 */
  readonly maxRetryAfterMs?: number;
}

export const DEFAULT_RETRY: RetryPolicy = { retries: 5, minDelayMs: 200, maxDelayMs: 8000 };

export interface RetryEvent {
  /** The number of the next attempt; the first one was 1. */
  readonly attempt: number;
  readonly attempts: number;
  /** Why the previous attempt failed, in a few words: `HTTP 503`, `ECONNRESET`. */
  readonly reason: string;
  readonly delayMs: number;
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly onRetry?: (event: RetryEvent) => void;
  readonly signal?: AbortSignal;
}

/**
 * The attempts of one operation. Pauses are random between zero and a limit that doubles, so that clients which failed
 * together do not retry together ("full jitter"; https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export class Retries {
  private used = 0;

  constructor(private readonly options: RetryOptions) {}

  /** Waits until the next attempt. @throws the error if it is not transient, or no attempt is left */
  async after(error: unknown): Promise<void> {
    if (!(error instanceof RegistryError) || !isTransient(error)) throw error;
    await this.pause(error);
  }

  /** After progress, the next failure is another one. */
  reset(): void {
    this.used = 0;
  }

  /** As `after`, for an error that is known to be worth another attempt. */
  async pause(error: RegistryError): Promise<void> {
    const { policy, onRetry, signal } = this.options;
    const delayMs = this.delay(error);
    if (delayMs === undefined || this.used >= policy.retries || signal?.aborted) throw error;
    this.used += 1;
    onRetry?.({
      attempt: this.used + 1,
      attempts: policy.retries + 1,
      reason: reasonOf(error),
      delayMs,
    });
    await sleep(delayMs, undefined, { signal }).catch(() => {
      throw error;
    });
  }

  private delay(error: RegistryError): number | undefined {
    const { minDelayMs, maxDelayMs, maxRetryAfterMs = 60_000 } = this.options.policy;
    const required = error.retryAfterMs ?? 0;
    if (required > maxRetryAfterMs) return undefined;
    const limit = Math.min(maxDelayMs, minDelayMs * 2 ** this.used);
    return Math.round(required + Math.random() * limit);
  }
}

/** Retries after 429, 5xx, and lost or idle connections. @throws any other error */
export async function withRetry<T>(options: RetryOptions, attempt: () => Promise<T>): Promise<T> {
  const retries = new Retries(options);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      await retries.after(error);
    }
  }
}

/** Not Implemented, HTTP Version Not Supported. */
const PERMANENT: readonly number[] = [501, 505];

export function isTransient(error: RegistryError): boolean {
  const { code, status } = error;
  if (status === undefined)
    return code === 'TIMEOUT' || (code === 'UNREACHABLE' && !isPermanent(error));
  return status === 429 || (status >= 500 && !PERMANENT.includes(status));
}

/** An unknown host name, or a certificate that is not trusted. */
function isPermanent({ cause }: RegistryError): boolean {
  const { code = '' } = (cause ?? {}) as { code?: string };
  return /^(ENOTFOUND|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_INVALID_URL)/.test(
    code,
  );
}

function reasonOf(error: RegistryError): string {
  if (error.status !== undefined) return `HTTP ${error.status}`;
  if (error.code === 'TIMEOUT') return 'no progress';
  return (error.cause as { code?: string } | undefined)?.code ?? 'no connection';
}
