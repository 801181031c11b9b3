import { isLoopback } from '../reference';
import { Authorizer, type Grant } from './authorizer';
import { Connection, type ConnectionOptions, type WireRequest } from './connection';
import { type CredentialSource } from './credentials';
import { errorFromResponse, RegistryError } from './registry-error';

export interface TransportOptions extends ConnectionOptions {
  /** `host` or `host:port`, as in an image reference. */
  readonly host: string;
  /** @default http on loopback, https elsewhere */
  readonly scheme?: 'http' | 'https';
  /** A provider is called again after its credentials have expired. @default anonymous */
  readonly credentials?: CredentialSource;
  readonly userAgent?: string;
}

export interface RegistryRequest extends Pick<WireRequest, 'body' | 'onSent' | 'signal'> {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly repository: string;
  /** Below `/v2/<repository>/`, or an absolute URL from a response. */
  readonly path: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses to return; any other is thrown. */
  readonly expect: readonly number[];
}

const RENEWABLE: readonly string[] = ['UNAUTHORIZED', 'TOKEN_EXPIRED'];

/** Sends a request to a registry, with authorization, and converts its errors. */
export class Transport {
  readonly host: string;
  private readonly origin: string;
  private readonly connection: Connection;
  private readonly authorizer: Authorizer;

  constructor(private readonly options: TransportOptions) {
    const scheme = options.scheme ?? (isLoopback(options.host) ? 'http' : 'https');
    this.host = options.host;
    this.origin = `${scheme}://${options.host}`;
    this.connection = new Connection(options);
    this.authorizer = new Authorizer(this.host, this.connection, options.credentials);
  }

  /** The URL of a `Location`, which may be relative. */
  resolve(location: string): URL {
    return new URL(location, this.origin);
  }

  /** https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#determining-support */
  async ping(timeoutMs: number): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await this.root(signal).catch((cause: unknown) => {
      const problem = `no response within ${timeoutMs / 1000} s`;
      throw signal.aborted
        ? new RegistryError('UNREACHABLE', problem, { host: this.host }, { cause })
        : cause;
    });
    await discard(response);
    if (response.status === 200 || response.status === 401) return;
    const problem = `HTTP ${response.status} is not a registry response; a proxy may be blocking access`;
    throw new RegistryError('UNREACHABLE', problem, { host: this.host });
  }

  /** @throws RegistryError */
  async send(request: RegistryRequest): Promise<Response> {
    const { repository, expect } = request;
    const renewed = new Set<string>();
    let grant = this.authorizer.grantFor(repository);
    for (;;) {
      const response = await this.once(request, grant);
      if (expect.includes(response.status)) {
        if (grant) grant.proven = true;
        return response;
      }
      const error = await this.errorOf(response, request, grant);
      // Each reason once: a registry may require a login, and the credentials for it may have expired.
      const reason = response.status === 401 ? 'UNAUTHORIZED' : error.code;
      if (!RENEWABLE.includes(reason) || renewed.has(reason)) throw error;
      renewed.add(reason);
      if (grant && reason === 'TOKEN_EXPIRED') grant.proven = true;
      const next = await this.authorizer.renew(response, repository, grant);
      if (!next) throw error;
      grant = next;
    }
  }

  private async once(request: RegistryRequest, grant?: Grant): Promise<Response> {
    const { repository, path, method = 'GET', body, onSent, signal } = request;
    const url = path instanceof URL ? path : new URL(`/v2/${repository}/${path}`, this.origin);
    const headers = this.headers(request.headers);
    if (body) headers.set('content-length', String('size' in body ? body.size : body.length));
    // An upload may be sent to a storage host, which must not see the registry's credentials.
    if (grant && url.origin === this.origin) headers.set('authorization', grant.header);
    return this.connection.send(url, { method, headers, body, onSent, signal });
  }

  /**
   * A response to HEAD has no body with the reason: it is looked up with a GET. ECR answers 403 to an expired token and 400 to an
   * invalid one.
   */
  private async errorOf(
    response: Response,
    { method, repository, signal }: RegistryRequest,
    grant?: Grant,
  ): Promise<RegistryError> {
    const where = { host: this.host, repository };
    const error = await errorFromResponse(response, where);
    const { status } = response;
    if (method !== 'HEAD' || (status !== 400 && status !== 403) || !grant) return error;
    const root = await this.root(signal, grant);
    if (root.status !== status) await discard(root);
    const reason = root.status === status ? await errorFromResponse(root, where) : error;
    return RENEWABLE.includes(reason.code) ? reason : error;
  }

  private root(signal?: AbortSignal, grant?: Grant): Promise<Response> {
    const headers = this.headers(grant && { authorization: grant.header });
    return this.connection.send(new URL('/v2/', this.origin), { method: 'GET', headers, signal });
  }

  private headers(given: Readonly<Record<string, string>> = {}): Headers {
    return new Headers({ 'user-agent': this.options.userAgent ?? 'typerush-oci', ...given });
  }
}

/** Drops the body of a response, so that its connection can be used again. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}
