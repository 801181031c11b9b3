import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Fault {
  /** Matched against `METHOD /path`. */
  readonly when: RegExp;
  /** How many matching requests it hits. */
  times: number;
  /** Cut the connection instead of answering; `after` lets the request take effect first. */
  readonly drop?: 'before' | 'after';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FakeRegistryOptions {
  readonly basic?: { readonly username: string; readonly password: string };
  /** Anonymous bearer tokens by way of `/token`. */
  readonly bearer?: boolean;
  /** Tags that match cannot be moved. */
  readonly immutable?: RegExp;
  readonly repositories?: readonly string[];
}

/** A registry in memory that keeps a log of its requests, and fails on demand. */
export class FakeRegistry {
  readonly requests: string[] = [];
  readonly faults: Fault[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  private readonly server = createServer((request, response) => {
    this.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  constructor(private readonly options: FakeRegistryOptions = {}) {}

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  requestsOf(method: string): string[] {
    return this.requests.filter((request) => request.startsWith(`${method} `));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://registry');
    const line = `${request.method} ${url.pathname}`;
    this.requests.push(line);
    const body = await buffer(request);
    const fault = this.faults.find(({ when, times }) => times > 0 && when.test(line));
    if (fault) fault.times -= 1;
    if (fault?.drop === 'before') return void request.socket.destroy();
    if (fault?.status) {
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    const send = (
      status: number,
      headers: Record<string, string | number> = {},
      content?: Buffer,
    ) => {
      if (fault?.drop === 'after') return void request.socket.destroy();
      response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : content);
    };
    if (url.pathname === '/token') return send(200, {}, Buffer.from('{"token":"anonymous-token"}'));
    const challenge = this.challenge(request);
    if (challenge)
      return send(401, { 'www-authenticate': challenge }, Buffer.from('Not Authorized'));
    this.route(request, url, body, send);
  }

  private challenge({ headers }: IncomingMessage): string | undefined {
    const { basic, bearer } = this.options;
    if (basic) {
      const expected = Buffer.from(`${basic.username}:${basic.password}`).toString('base64');
      if (headers.authorization !== `Basic ${expected}`) return `Basic realm="http://registry/"`;
    }
    if (bearer && headers.authorization !== 'Bearer anonymous-token') {
      return `Bearer realm="http://${headers.host}/token",service="fake",scope="repository:x:pull"`;
    }
    return undefined;
  }

  private route(
    request: IncomingMessage,
    url: URL,
    body: Buffer,
    send: (status: number, headers?: Record<string, string | number>, content?: Buffer) => void,
  ): void {
    const error = (status: number, code: string, message: string) =>
      send(status, {}, Buffer.from(JSON.stringify({ errors: [{ code, message }] })));
    const match = /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/([^/]*)$/.exec(url.pathname);
    if (!match) return send(200);
    const [, repository = '', kind, reference = ''] = match;
    const { repositories, immutable } = this.options;
    if (repositories && !repositories.includes(repository)) {
      return error(404, 'NAME_UNKNOWN', `The repository with name '${repository}' does not exist`);
    }
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (kind === 'blobs/uploads' && request.method === 'POST') {
      return send(202, { location: `/v2/${repository}/blobs/uploads/${randomUUID()}?state=1` });
    }
    if (kind === 'blobs/uploads') {
      const digest = url.searchParams.get('digest') ?? '';
      if (digest !== digestOf(body)) return error(400, 'DIGEST_INVALID', 'digest is wrong');
      this.blobs.set(`${repository}/${digest}`, body);
      return send(201);
    }
    const key = `${repository}/${reference}`;
    if (kind === 'blobs') {
      const blob = this.blobs.get(key);
      return blob ? send(200, { 'content-length': blob.length }, blob) : send(404);
    }
    const standing = this.manifests.get(key);
    if (reading) {
      if (!standing) return error(404, 'MANIFEST_UNKNOWN', 'no such manifest');
      const { type, bytes } = standing;
      return send(
        200,
        {
          'content-type': type,
          'content-length': bytes.length,
          'docker-content-digest': digestOf(bytes),
        },
        bytes,
      );
    }
    if (standing && immutable?.test(reference)) {
      return error(
        400,
        'TAG_INVALID',
        `The image tag '${reference}' already exists and cannot be overwritten`,
      );
    }
    const manifest = { type: request.headers['content-type'] ?? '', bytes: body };
    this.manifests.set(key, manifest).set(`${repository}/${digestOf(body)}`, manifest);
    return send(201, { 'docker-content-digest': digestOf(body) });
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
