import { setTimeout as sleep } from 'node:timers/promises';
import { RegistryError } from './registry-error';

export interface RetryPolicy {
  /** After the first attempt. */
  readonly retries: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** A registry that asks for a longer pause (`Retry-After`) is not waited for. @default 60000 */
  readonly maxRetryAfterMs?: number;
}

export const DEFAULT_RETRY: RetryPolicy = { retries: 5, minDelayMs: 200, maxDelayMs: 8000 };

export interface RetryEvent {
  /** Of the attempt that is to come; the first one was 1. */
  readonly attempt: number;
  readonly attempts: number;
  /** What the attempt before it met, in a few words: `HTTP 503`, `ECONNRESET`. */
  readonly reason: string;
  readonly delayMs: number;
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly onRetry?: (event: RetryEvent) => void;
  readonly signal?: AbortSignal;
}

/**
 * The attempts at one thing. Pauses are random between nothing and a limit that doubles, so that clients which failed
 * together do not come back together ("full jitter"; https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export class Retries {
  private used = 0;

  constructor(private readonly options: RetryOptions) {}

  /** Returns when it is time to try again. @throws the error when it is not worth it, or when there were enough attempts */
  async after(error: unknown): Promise<void> {
    if (!(error instanceof RegistryError) || !isTransient(error)) throw error;
    await this.pause(error);
  }

  /** After an error that ends an upload, which can be started anew. */
  async afterLoss(error: RegistryError): Promise<void> {
    await this.pause(error);
  }

  /** After progress: what fails next is another fault. */
  startOver(): void {
    this.used = 0;
  }

  private async pause(error: RegistryError): Promise<void> {
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

  /** undefined when the registry asks for more patience than there is. */
  private delay(error: RegistryError): number | undefined {
    const { minDelayMs, maxDelayMs, maxRetryAfterMs = 60_000 } = this.options.policy;
    const asked = error.retryAfterMs ?? 0;
    if (asked > maxRetryAfterMs) return undefined;
    const limit = Math.min(maxDelayMs, minDelayMs * 2 ** this.used);
    return Math.round(asked + Math.random() * limit);
  }
}

/** Tries again after 429, 5xx and lost or stuck connections; any other error stands. */
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

/** Not implemented, and a version of HTTP that is not spoken: these do not pass. */
const LASTING: readonly number[] = [501, 505];

export function isTransient(error: RegistryError): boolean {
  const { code, status } = error;
  if (status === undefined)
    return code === 'TIMEOUT' || (code === 'UNREACHABLE' && !isLasting(error));
  return status === 429 || (status >= 500 && !LASTING.includes(status));
}

/** A name that does not exist, and a certificate that is not trusted, will be so in a second too. */
function isLasting({ cause }: RegistryError): boolean {
  const { code = '' } = (cause ?? {}) as { code?: string };
  return /^(ENOTFOUND|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_INVALID_URL)/.test(
    code,
  );
}

function reasonOf(error: RegistryError): string {
  if (error.status !== undefined) return `HTTP ${error.status}`;
  if (error.code === 'TIMEOUT') return 'nothing moved';
  return (error.cause as { code?: string } | undefined)?.code ?? 'no connection';
}
