import { type Digest } from '../digest';
import { RegistryError } from './registry-error';
import { type RequestBody } from './request-body';
import { discard, type RegistryRequest, type Transport } from './transport';

/** An upload as the registry knows it. */
export interface UploadSession {
  readonly location: URL;
  /** Bytes that the registry has. */
  readonly offset: number;
  readonly minChunkBytes: number;
}

const CANCEL_LIMIT_MS = 2000;
const OCTETS = { 'content-type': 'application/octet-stream' };

/** The requests that an upload to one repository is made of, each tried once. */
export class UploadPort {
  constructor(
    private readonly transport: Transport,
    private readonly repository: string,
    private readonly signal?: AbortSignal,
  ) {}

  async start(): Promise<UploadSession> {
    const response = await this.small({ method: 'POST', path: 'blobs/uploads/', expect: [202] });
    return this.begun(response);
  }

  /** undefined when it is mounted: it stands in the repository now. */
  async mount(digest: Digest, from: string): Promise<UploadSession | undefined> {
    const query = new URLSearchParams({ mount: digest, from });
    const path = `blobs/uploads/?${query}`;
    const response = await this.small({ method: 'POST', path, expect: [201, 202] });
    return response.status === 201 ? undefined : this.begun(response);
  }

  /** One chunk; https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-a-blob-in-chunks */
  async append(
    session: UploadSession,
    body: RequestBody,
    onSent: (bytes: number) => void,
  ): Promise<UploadSession> {
    const end = session.offset + body.size;
    const response = await this.transport.send({
      ...this.common(),
      method: 'PATCH',
      path: session.location,
      headers: { ...OCTETS, 'content-range': `${session.offset}-${end - 1}` },
      body,
      onSent,
      expect: [202, 204],
    });
    await discard(response);
    const held = heldBytes(response) ?? end;
    // Some registries name the chunk instead of all they have; the digest shows in the end who is right.
    return this.moved(session, response, held > session.offset && held < end ? held : end);
  }

  async finish(
    session: UploadSession,
    digest: Digest,
    body?: RequestBody,
    onSent?: (bytes: number) => void,
  ): Promise<void> {
    const path = new URL(session.location);
    path.searchParams.set('digest', digest);
    const request = {
      method: 'PUT',
      path,
      headers: OCTETS,
      body,
      onSent,
      expect: [201, 204],
    } as const;
    await discard(await this.transport.send({ ...this.common(), ...request }));
  }

  /** undefined when the registry does not know the upload, or cannot tell how far it is. */
  async status(session: UploadSession): Promise<UploadSession | undefined> {
    try {
      const { location: path } = session;
      const response = await this.small({ method: 'GET', path, expect: [200, 204] });
      const held = heldBytes(response);
      return held === undefined ? undefined : this.moved(session, response, held);
    } catch (error) {
      const { status = 0 } = error as { status?: number };
      if (status >= 400 && status < 500 && ![401, 403, 429].includes(status)) return undefined;
      throw error;
    }
  }

  async stands(digest: Digest): Promise<boolean> {
    const path = `blobs/${digest}`;
    const { status } = await this.small({ method: 'HEAD', path, expect: [200, 404] });
    return status === 200;
  }

  /** So that it does not take up room. Nobody is told when the registry does not do that. */
  async cancel({ location: path }: UploadSession): Promise<void> {
    const signal = AbortSignal.timeout(CANCEL_LIMIT_MS);
    const request = { method: 'DELETE', path, expect: [200, 202, 204], signal } as const;
    const { repository } = this;
    await this.transport.send({ repository, ...request }).then(discard, () => undefined);
  }

  private async small(request: Omit<RegistryRequest, 'repository'>): Promise<Response> {
    const response = await this.transport.send({ ...this.common(), ...request });
    await discard(response);
    return response;
  }

  private common() {
    return { repository: this.repository, signal: this.signal };
  }

  private begun(response: Response): UploadSession {
    const minimum = Number(response.headers.get('oci-chunk-min-length') ?? 0);
    const minChunkBytes = Number.isSafeInteger(minimum) ? minimum : 0;
    return { location: this.locationOf(response), offset: 0, minChunkBytes };
  }

  /** Each answer may give the upload another address. */
  private moved(session: UploadSession, response: Response, offset: number): UploadSession {
    const location = response.headers.get('location');
    return {
      ...session,
      offset,
      location: location ? this.transport.resolve(location) : session.location,
    };
  }

  private locationOf(response: Response): URL {
    const location = response.headers.get('location');
    if (location) return this.transport.resolve(location);
    throw new RegistryError('UNEXPECTED', 'it started an upload without a Location.', {
      host: this.transport.host,
      repository: this.repository,
      status: response.status,
    });
  }
}

/** `0-<last byte>`, in some registries with a unit. `0-0` is what registries say of none as well, so it tells nothing. */
function heldBytes(response: Response): number | undefined {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.headers.get('range') ?? '')?.[1];
  return last === undefined || last === '0' ? undefined : Number(last) + 1;
}
