import { type Digest } from '../digest';
import { type RequestBody } from './blob-content';
import { RegistryError } from './registry-error';
import { discard, type RegistryRequest, type Transport } from './transport';

export interface UploadSession {
  readonly location: URL;
  /** Bytes that the registry has received. */
  readonly offset: number;
  readonly minChunkBytes: number;
}

const CANCEL_LIMIT_MS = 2000;
const OCTETS = { 'content-type': 'application/octet-stream' };

/** The requests of an upload to one repository, without retries. */
export class UploadPort {
  constructor(
    private readonly transport: Transport,
    private readonly repository: string,
    private readonly signal?: AbortSignal,
  ) {}

  async start(): Promise<UploadSession> {
    const path = 'blobs/uploads/';
    return this.started(await this.send({ method: 'POST', path, expect: [202] }));
  }

  /** undefined if the blob was mounted; otherwise the registry has started an upload. */
  async mount(digest: Digest, from: string): Promise<UploadSession | undefined> {
    const query = new URLSearchParams({ mount: digest, from });
    const path = `blobs/uploads/?${query}`;
    const response = await this.send({ method: 'POST', path, expect: [201, 202] });
    return response.status === 201 ? undefined : this.started(response);
  }

  /** One chunk; https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-a-blob-in-chunks */
  async append(
    session: UploadSession,
    body: RequestBody,
    onSent: (bytes: number) => void,
  ): Promise<UploadSession> {
    const end = session.offset + body.size;
    const response = await this.send({
      method: 'PATCH',
      path: session.location,
      headers: { ...OCTETS, 'content-range': `${session.offset}-${end - 1}` },
      body,
      onSent,
      // 202 by the specification. ECR responds with 201 and has every chunk, although its range does not advance:
      // https://github.com/aws/containers-roadmap/issues/2831
      expect: [201, 202, 204],
    });
    const received = receivedBytes(response) ?? end;
    // Some registries return the range of the chunk instead of all they have; the digest is checked in the end.
    const isPartial = received > session.offset && received < end;
    return this.moved(session, response, isPartial ? received : end);
  }

  async finish(
    session: UploadSession,
    digest: Digest,
    body?: RequestBody,
    onSent?: (bytes: number) => void,
  ): Promise<void> {
    const path = new URL(session.location);
    path.searchParams.set('digest', digest);
    await this.send({ method: 'PUT', path, headers: OCTETS, body, onSent, expect: [201, 204] });
  }

  /** undefined if the registry does not know the upload or its progress. */
  async status(session: UploadSession): Promise<UploadSession | undefined> {
    try {
      const { location: path } = session;
      const response = await this.send({ method: 'GET', path, expect: [200, 204] });
      const received = receivedBytes(response);
      return received === undefined ? undefined : this.moved(session, response, received);
    } catch (error) {
      const { status = 0 } = error as { status?: number };
      if (status >= 400 && status < 500 && ![401, 403, 429].includes(status)) return undefined;
      throw error;
    }
  }

  async exists(digest: Digest): Promise<boolean> {
    const path = `blobs/${digest}`;
    const { status } = await this.send({ method: 'HEAD', path, expect: [200, 404] });
    return status === 200;
  }

  /** Frees the registry's storage. Errors are ignored: registries remove abandoned uploads themselves. */
  async cancel({ location: path }: UploadSession): Promise<void> {
    const signal = AbortSignal.timeout(CANCEL_LIMIT_MS);
    const request = { method: 'DELETE', path, expect: [200, 202, 204], signal } as const;
    await this.send(request).catch(() => undefined);
  }

  private async send(request: Omit<RegistryRequest, 'repository'>): Promise<Response> {
    const { repository, signal } = this;
    const response = await this.transport.send({ repository, signal, ...request });
    await discard(response);
    return response;
  }

  private started(response: Response): UploadSession {
    const location = response.headers.get('location');
    if (!location) {
      throw new RegistryError('UNEXPECTED', 'it started an upload without a Location.', {
        host: this.transport.host,
        repository: this.repository,
        status: response.status,
      });
    }
    const minimum = Number(response.headers.get('oci-chunk-min-length') ?? 0);
    const minChunkBytes = Number.isSafeInteger(minimum) ? minimum : 0;
    return { location: this.transport.resolve(location), offset: 0, minChunkBytes };
  }

  /** Each response may change the location of the upload. */
  private moved(session: UploadSession, response: Response, offset: number): UploadSession {
    const location = response.headers.get('location');
    return {
      ...session,
      offset,
      location: location ? this.transport.resolve(location) : session.location,
    };
  }
}

/** `0-<last byte>`, in some registries with a unit. `0-0` is ambiguous: registries also return it for an empty upload. */
function receivedBytes(response: Response): number | undefined {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.headers.get('range') ?? '')?.[1];
  return last === undefined || last === '0' ? undefined : Number(last) + 1;
}
