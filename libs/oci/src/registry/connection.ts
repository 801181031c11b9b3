import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { type RequestBody } from './blob-content';
import { RegistryError, unreachable } from './registry-error';

export interface ConnectionOptions {
  readonly host: string;
  readonly fetch?: typeof fetch;
  /** A request without progress for this time fails. @default 60000 */
  readonly idleTimeoutMs?: number;
}

export interface WireRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: Uint8Array | RequestBody;
  /** Bytes of the body that fetch has read. */
  readonly onSent?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** HTTP requests that always end: with a response, a lost connection, or a timeout. */
export class Connection {
  constructor(private readonly options: ConnectionOptions) {}

  /** Every failure, of the response's body too, is a RegistryError: `UNREACHABLE`, `TIMEOUT` or `ABORTED`. */
  async send(url: URL, request: WireRequest): Promise<Response> {
    const { fetch = globalThis.fetch, idleTimeoutMs = 60_000 } = this.options;
    const watch = new IdleWatch(idleTimeoutMs, request.signal);
    const source = request.body && metered(request.body, watch, request.onSent);
    try {
      const { method, headers } = request;
      const body = source && { body: source.body, duplex: 'half' };
      const init = { method, headers, signal: watch.signal, ...body } as RequestInit;
      return this.watched(await fetch(url, init), watch);
    } catch (error) {
      watch.stop();
      throw source?.failure() ?? this.explain(error, watch);
    }
  }

  private watched(response: Response, watch: IdleWatch): Response {
    watch.moved();
    const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
    if (!reader) {
      watch.stop();
      return response;
    }
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const read = await reader.read().catch((error: unknown) => {
          watch.stop();
          throw this.explain(error, watch);
        });
        if (!read.done) {
          watch.moved();
          controller.enqueue(read.value);
          return;
        }
        watch.stop();
        controller.close();
      },
      cancel: async (reason) => {
        watch.stop();
        await reader.cancel(reason);
      },
    });
    const { status, statusText, headers } = response;
    const init = { status, statusText, headers };
    return new Response(body as ConstructorParameters<typeof Response>[0], init);
  }

  private explain(error: unknown, watch: IdleWatch): RegistryError {
    const { host, idleTimeoutMs = 60_000 } = this.options;
    if (watch.timedOut) {
      const problem = `no progress for ${idleTimeoutMs / 1000} s.`;
      return new RegistryError('TIMEOUT', problem, { host });
    }
    if (watch.signal.aborted) return new RegistryError('ABORTED', 'cancelled.', { host });
    return unreachable(host, error);
  }
}

/** Aborts a request that makes no progress, or that the caller cancels. */
class IdleWatch {
  timedOut = false;
  private over = false;
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private timer: NodeJS.Timeout;

  constructor(
    private readonly limitMs: number,
    private readonly outer?: AbortSignal,
  ) {
    this.timer = this.start(limitMs);
    if (outer?.aborted) this.cancel();
    else outer?.addEventListener('abort', this.cancel);
  }

  readonly moved = (): void => {
    if (!this.over) this.timer.refresh();
  };

  /**
   * The body has been passed to the kernel, which may still hold some megabytes of it, and the registry has to check all of it:
   * the response may take twice the limit.
   */
  readonly sent = (): void => {
    // A response may come before all has been sent.
    if (this.over) return;
    clearTimeout(this.timer);
    this.timer = this.start(2 * this.limitMs);
  };

  readonly stop = (): void => {
    this.over = true;
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.cancel);
  };

  private start(limitMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.timedOut = true;
      this.controller.abort();
    }, limitMs);
  }

  private readonly cancel = (): void => this.controller.abort();
}

/** The body as fetch takes it; `failure` is the error of reading it, as opposed to one of the network. */
function metered(
  body: Uint8Array | RequestBody,
  watch: IdleWatch,
  onSent: (bytes: number) => void = () => undefined,
) {
  let failure: unknown;
  if (body instanceof Uint8Array) return { body, failure: () => failure };
  async function* pieces(of: RequestBody) {
    let sent = 0;
    try {
      for await (const piece of of.open()) {
        watch.moved();
        yield piece;
        sent += piece.length;
        onSent(sent);
      }
    } catch (error) {
      failure = error;
      throw error;
    }
    watch.sent();
  }
  return { body: Readable.toWeb(Readable.from(pieces(body))), failure: () => failure };
}
