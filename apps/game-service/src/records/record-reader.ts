import { requestContext, ServiceError } from '@typerush/service-kit';

export interface RecordReaderOptions {
  /** Where record-service is; without it, each read fails. */
  recordServiceUrl: string | undefined;
  /** For the whole response. @default 5000 */
  timeoutMs?: number;
  /** The largest body. A page of 100 matches with 8 players each has half of it. @default 1000000 */
  maxBytes?: number;
  /** A record-service that hangs must not take the memory of the game. @default 100 */
  maxConcurrent?: number;
}

export interface RecordRead {
  /** Path and query. */
  target: string;
  /** `If-None-Match` of the request. */
  knownEtag: string | undefined;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
}

export interface RecordAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const forwardedHeaders = ['cache-control', 'content-type', 'etag', 'retry-after'];

/** Reads from record-service. Sends no header of the client except its ETag: no cookie, no token. */
export class RecordReader {
  private readonly options: Required<RecordReaderOptions>;
  private running = 0;

  constructor(options: RecordReaderOptions) {
    this.options = { timeoutMs: 5_000, maxBytes: 1_000_000, maxConcurrent: 100, ...options };
  }

  /** @throws ServiceError UNAVAILABLE */
  async read(request: RecordRead): Promise<RecordAnswer> {
    const { recordServiceUrl, maxConcurrent } = this.options;
    if (!recordServiceUrl) throw unavailable('RECORD_SERVICE_URL is not set');
    if (this.running >= maxConcurrent) throw unavailable(`${maxConcurrent} reads are running`);
    this.running += 1;
    try {
      return await this.request(recordServiceUrl, request);
    } catch (cause) {
      throw cause instanceof ServiceError ? cause : unavailable('it did not respond', cause);
    } finally {
      this.running -= 1;
    }
  }

  private async request(base: string, request: RecordRead): Promise<RecordAnswer> {
    const { requestId } = requestContext.getStore() ?? {};
    const response = await fetch(`${base.replace(/\/$/, '')}${request.target}`, {
      headers: {
        accept: 'application/json, application/problem+json',
        ...(requestId && { 'x-request-id': requestId }),
        ...(request.knownEtag && { 'if-none-match': request.knownEtag }),
      },
      redirect: 'error',
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(this.options.timeoutMs)]),
    });
    const headers = headersOf(response);
    if (response.status !== 304 && !isJson(headers['content-type'])) {
      await response.body?.cancel();
      throw unavailable(`it responded with ${response.status} and no JSON`);
    }
    return { status: response.status, headers, body: await this.bodyOf(response) };
  }

  private async bodyOf(response: Response): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > this.options.maxBytes) {
        // Leaving the loop ends the connection.
        throw unavailable(`it responded with more than ${this.options.maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

function headersOf(response: Response): Record<string, string> {
  const entries = forwardedHeaders.map((name) => [name, response.headers.get(name)] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

const isJson = (type = '') => /^application\/(problem\+)?json\s*(;|$)/i.test(type);

function unavailable(reason: string, cause?: unknown): ServiceError {
  return new ServiceError('UNAVAILABLE', `Cannot read from record-service: ${reason}.`, { cause });
}
