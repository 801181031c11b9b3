import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { type RequestBody } from './request-body';
import { RegistryError } from './registry-error';
import { IdleWatch } from './idle-watch';

export interface ConnectionOptions {
  readonly host: string;
  readonly fetch?: typeof fetch;
  /** A request on which no byte moves for so long is given up. @default 60000 */
  readonly idleTimeoutMs?: number;
}

export interface WireRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: Uint8Array | RequestBody;
  /** Bytes of the body that have been taken from us. */
  readonly onSent?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** HTTP requests that end: by an answer, by a lost connection, or because nothing moves. */
export class Connection {
  constructor(private readonly options: ConnectionOptions) {}

  /** Every failure, of the answer's body too, is a RegistryError: `UNREACHABLE`, `TIMEOUT` or `ABORTED`. */
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
    return new Response(body as ConstructorParameters<typeof Response>[0], {
      status,
      statusText,
      headers,
    });
  }

  private explain(error: unknown, watch: IdleWatch): RegistryError {
    const { host, idleTimeoutMs = 60_000 } = this.options;
    if (watch.timedOut) {
      const problem = `nothing has moved for ${idleTimeoutMs / 1000} s.`;
      return new RegistryError('TIMEOUT', problem, { host });
    }
    if (watch.signal.aborted) return new RegistryError('ABORTED', 'given up.', { host });
    return unreachable(host, error);
  }
}

/** fetch hides why it failed in its error's cause. */
export function unreachable(host: string, error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  const inner = (error as { cause?: unknown }).cause ?? error;
  const { code, message } = inner as { code?: string; message?: string };
  const problem = code ?? message ?? 'no answer';
  return new RegistryError('UNREACHABLE', problem, { host }, { cause: inner });
}

/** The body as fetch takes it; `failure` tells an error of reading the file from one of the network. */
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
