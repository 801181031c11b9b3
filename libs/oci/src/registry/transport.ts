import { Authorizer, type RegistryCredentials } from './authorizer';
import { isLoopback } from './loopback';
import { errorFromResponse, RegistryError } from './registry-error';

export interface TransportOptions {
  /** `host` or `host:port`, as in an image reference. */
  readonly host: string;
  /** @default http on loopback, https elsewhere */
  readonly scheme?: 'http' | 'https';
  /** Anonymous without. */
  readonly credentials?: RegistryCredentials;
  readonly fetch?: typeof fetch;
  readonly userAgent?: string;
}

type RequestBody = NonNullable<RequestInit['body']>;

export interface RegistryRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly repository: string;
  /** Below `/v2/<repository>/`, or an absolute URL that the registry gave. */
  readonly path: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Made anew for each attempt: a stream can be sent once. */
  readonly body?: () => RequestBody;
  /** Statuses to return; any other is thrown. */
  readonly expect: readonly number[];
}

/** One request to a registry: its address, its authorization, its errors. */
export class Transport {
  readonly host: string;
  private readonly origin: string;
  private readonly fetch: typeof globalThis.fetch;
  private readonly authorizer: Authorizer;

  constructor(private readonly options: TransportOptions) {
    const scheme = options.scheme ?? (isLoopback(options.host) ? 'http' : 'https');
    this.host = options.host;
    this.origin = `${scheme}://${options.host}`;
    this.fetch = this.reaching(options.fetch ?? globalThis.fetch);
    this.authorizer = new Authorizer(this.host, this.fetch, options.credentials);
  }

  /** A `Location` of the registry, which may be relative. */
  resolve(location: string): URL {
    return new URL(location, this.origin);
  }

  /** https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#determining-support */
  async ping(timeoutMs: number): Promise<void> {
    const response = await this.fetch(new URL('/v2/', this.origin), {
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    // What else answers, in the registry's place, is a proxy that lets nobody through.
    if (response.status === 200 || response.status === 401) return;
    const problem = `it answers HTTP ${response.status}, as no registry does`;
    throw new RegistryError('UNREACHABLE', problem, { host: this.host });
  }

  /** @throws RegistryError */
  async send(request: RegistryRequest): Promise<Response> {
    const { repository, expect } = request;
    const tried = this.authorizer.headerFor(repository);
    let response = await this.once(request);
    if (response.status === 401 && (await this.authorizer.answer(response, repository, tried))) {
      await response.body?.cancel();
      response = await this.once(request);
    }
    if (expect.includes(response.status)) return response;
    throw await errorFromResponse(response, { host: this.host, repository });
  }

  private async once(request: RegistryRequest): Promise<Response> {
    const { repository, path, method = 'GET', body } = request;
    const url = path instanceof URL ? path : new URL(`/v2/${repository}/${path}`, this.origin);
    const headers = new Headers(request.headers);
    headers.set('user-agent', this.options.userAgent ?? 'typerush-oci');
    const authorization = this.authorizer.headerFor(repository);
    // An upload may be sent to a storage host, which must not see the registry's credentials.
    if (authorization && url.origin === this.origin) headers.set('authorization', authorization);
    return this.fetch(url, {
      method,
      headers,
      ...(body ? { body: body(), duplex: 'half' } : {}),
    } as RequestInit);
  }

  private reaching(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      try {
        return await fetch(input, init);
      } catch (error) {
        throw unreachable(this.host, error);
      }
    };
  }
}

/** fetch hides why it failed in its error's cause. */
export function unreachable(host: string, error: unknown): RegistryError {
  const inner = (error as { cause?: unknown }).cause ?? error;
  const { code, message } = inner as { code?: string; message?: string };
  return new RegistryError(
    'UNREACHABLE',
    code ?? message ?? 'no answer',
    { host },
    { cause: inner },
  );
}
