import { offline, RequestError } from './failure';

const TIMEOUT_MS = 8_000;

export interface HttpOptions<T> {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The value of a body; undefined or an exception for one that is not as agreed. */
  readonly read: (body: unknown) => T | undefined;
}

/** @throws RequestError with the server's code, OFFLINE, or INVALID_RESPONSE */
export async function http<T>(path: string, options: HttpOptions<T>): Promise<T> {
  const response = await send(path, options);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusalOf(response.status, body);
  const value = valueOf(options.read, body);
  if (value === undefined) {
    throw new RequestError(
      'INVALID_RESPONSE',
      'The server sent an answer that this page cannot read. Reload the page; if that does not help, try later.',
    );
  }
  return value;
}

async function send<T>(path: string, options: HttpOptions<T>): Promise<Response> {
  const { method = 'GET', body, token, signal } = options;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestError(
      offline,
      'The server cannot be reached. Check your connection, then try again.',
      { cause: error },
    );
  }
}

function valueOf<T>(read: (body: unknown) => T | undefined, body: unknown): T | undefined {
  try {
    return read(body);
  } catch {
    return undefined;
  }
}

/** From `{ error: { code, message } }` of game-service, or the problem details of record-service. */
export function refusalOf(status: number, body: unknown): RequestError {
  const { error, code, detail } = (body ?? {}) as Record<string, unknown>;
  const own = (error ?? { code, message: detail }) as Record<string, unknown>;
  if (typeof own['code'] === 'string' && typeof own['message'] === 'string') {
    return new RequestError(own['code'], own['message']);
  }
  return new RequestError(
    status === 429 ? 'RATE_LIMITED' : `HTTP_${status}`,
    status === 429
      ? 'Too many requests. Wait a minute, then try again.'
      : `The server failed (status ${status}). Try again in a moment.`,
  );
}
