import { retryAfterMs } from './backoff';

/** What became of an attempt to write a match. */
export type Delivery =
  | { readonly type: 'recorded' }
  /** It will never be accepted. */
  | { readonly type: 'rejected'; readonly reason: string }
  /** This match cannot be written now; others may. */
  | { readonly type: 'failed'; readonly reason: string; readonly retryAfterMs: number }
  /** No match can be written now. */
  | { readonly type: 'unavailable'; readonly reason: string; readonly retryAfterMs: number };

export interface RecordWriterOptions {
  readonly recordServiceUrl: string;
  readonly serviceToken: string;
  /** For the whole response: longer than record-service waits for its database. @default 30000 */
  readonly timeoutMs?: number;
}

/** The content itself is wrong, or conflicts with what is recorded. */
const hopeless = new Set([400, 409, 413, 415]);

/** A record-service that is older than this service: after its update it accepts the match. */
const untilUpdate = new Set(['TYPING_VERSION_UNKNOWN', 'PASSAGE_UNKNOWN']);

const longestRetryAfterMs = 600_000;

/** Writes to record-service. */
export class RecordWriter {
  constructor(private readonly options: RecordWriterOptions) {}

  /** Never rejects. @param content of a match, as JSON */
  async write(content: string, signal: AbortSignal): Promise<Delivery> {
    const { recordServiceUrl, serviceToken, timeoutMs = 30_000 } = this.options;
    try {
      const response = await fetch(`${recordServiceUrl.replace(/\/$/, '')}/v1/matches`, {
        method: 'POST',
        headers: {
          accept: 'application/json, application/problem+json',
          authorization: `Bearer ${serviceToken}`,
          'content-type': 'application/json',
        },
        body: content,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      if (response.status === 200 || response.status === 201) {
        await response.body?.cancel();
        return { type: 'recorded' };
      }
      return await refusalOf(response);
    } catch (error) {
      return { type: 'unavailable', reason: reasonOf(error), retryAfterMs: 0 };
    }
  }
}

async function refusalOf(response: Response): Promise<Delivery> {
  const { status } = response;
  const { code, detail } = problemOf((await response.text()).slice(0, 10_000));
  const reason = `record-service responded with ${[status, code, detail].filter(Boolean).join(' ')}`;
  if (hopeless.has(status)) return { type: 'rejected', reason };
  const header = response.headers.get('retry-after');
  const pause = { reason, retryAfterMs: retryAfterMs(header, Date.now(), longestRetryAfterMs) };
  if (status === 422) {
    return untilUpdate.has(code ?? '')
      ? { type: 'failed', ...pause }
      : { type: 'rejected', reason };
  }
  // A bug that one match triggers must not hold up the others. Everything else, such as a wrong token, an address of
  // another service or a proxy without a service behind it, concerns all.
  return { type: status === 500 ? 'failed' : 'unavailable', ...pause };
}

/** A proxy responds with anything, so nothing is assumed of the body. */
function problemOf(body: string): { code?: string; detail?: string } {
  try {
    const { code, detail } = JSON.parse(body) as Record<string, unknown>;
    return {
      ...(typeof code === 'string' && { code }),
      ...(typeof detail === 'string' && { detail }),
    };
  } catch {
    return {};
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
