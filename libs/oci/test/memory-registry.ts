import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { digestOf } from '../src/digest';

export const password = 'a-secret-of-this-test';

/**
 * A registry in memory with the part of the distribution protocol that a push needs, and basic authorization.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push
 */
export class MemoryRegistry {
  /** Content of blobs by digest. */
  readonly blobs = new Map<string, Buffer>();
  /** Manifests by `repository:tag` and `repository:digest`. */
  readonly manifests = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  /** Tags in the order in which they were set. */
  readonly tagsSet: string[] = [];
  /** The number of uploaded blobs. */
  uploads = 0;
  /** `METHOD /path` of each authorized request. */
  readonly requests: string[] = [];
  /** Responds with a status to requests whose `METHOD /path` matches, that many times. */
  readonly faults: { readonly when: RegExp; readonly status: number; times: number }[] = [];

  /** The valid password; `password` has expired if it is another one. */
  secret = password;

  private readonly pending = new Map<string, Buffer>();
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request, response);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The digest under a tag. */
  digest(repository: string, tag: string): string | undefined {
    const manifest = this.manifests.get(`${repository}:${tag}`);
    return manifest && digestOf(manifest.bytes);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.authorize(request, response)) return;
    const url = new URL(request.url ?? '', `http://${this.host}`);
    const line = `${request.method} ${url.pathname}`;
    this.requests.push(line);
    const fault = this.faults.find(({ when, times }) => times > 0 && when.test(line));
    if (fault) {
      fault.times -= 1;
      request.resume();
      response.writeHead(fault.status).end();
      return;
    }
    const [, repository = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests|referrers)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === 'blobs/uploads')
      await this.upload(request, response, { url, repository, reference });
    else if (kind === 'blobs') this.blob(response, reference);
    else if (kind === 'referrers') this.referrers(response, repository, reference);
    else if (kind === 'manifests') await this.manifest(request, response, repository, reference);
    else response.writeHead(200).end();
  }

  /** https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html */
  private authorize({ headers }: IncomingMessage, response: ServerResponse): boolean {
    const headerOf = (secret: string) => `Basic ${Buffer.from(`AWS:${secret}`).toString('base64')}`;
    const { authorization } = headers;
    if (authorization === headerOf(this.secret)) return true;
    if (authorization === headerOf(password)) {
      const message = 'Your authorization token has expired. Reauthenticate and try again.';
      response.writeHead(403).end(JSON.stringify({ errors: [{ code: 'DENIED', message }] }));
      return false;
    }
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test",service="test"' }).end();
    return false;
  }

  private async upload(
    request: IncomingMessage,
    response: ServerResponse,
    { url, repository, reference }: { url: URL; repository: string; reference: string },
  ): Promise<void> {
    const body = await buffer(request);
    const id = reference || randomUUID();
    const bytes = Buffer.concat([this.pending.get(id) ?? Buffer.alloc(0), body]);
    this.pending.set(id, bytes);
    const location = `http://${this.host}/v2/${repository}/blobs/uploads/${id}`;
    const digest = url.searchParams.get('digest');
    if (request.method === 'PUT' && digest) {
      this.blobs.set(digest, bytes);
      this.uploads += 1;
      response.writeHead(201, { location, 'docker-content-digest': digest }).end();
      return;
    }
    const range = { range: `0-${Math.max(0, bytes.length - 1)}`, 'docker-upload-uuid': id };
    response.writeHead(202, { location, ...range }).end();
  }

  private blob(response: ServerResponse, digest: string): void {
    const bytes = this.blobs.get(digest);
    if (!bytes) return void response.writeHead(404).end();
    const headers = { 'content-length': bytes.length, 'docker-content-digest': digest };
    response.writeHead(200, headers).end(bytes);
  }

  /** https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers */
  private referrers(response: ServerResponse, repository: string, digest: string): void {
    const found = [...this.manifests].flatMap(([key, { type, bytes }]) => {
      if (!key.startsWith(`${repository}:sha256:`)) return [];
      const { subject, artifactType, annotations } = JSON.parse(bytes.toString()) as {
        subject?: { digest: string };
        artifactType?: string;
        annotations?: object;
      };
      if (subject?.digest !== digest) return [];
      const descriptor = { mediaType: type, digest: digestOf(bytes), size: bytes.length };
      return [{ ...descriptor, artifactType, annotations }];
    });
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const index = JSON.stringify({ schemaVersion: 2, mediaType, manifests: found });
    response.writeHead(200, { 'content-type': mediaType }).end(index);
  }

  private async manifest(
    request: IncomingMessage,
    response: ServerResponse,
    repository: string,
    reference: string,
  ): Promise<void> {
    if (request.method === 'PUT') {
      const bytes = await buffer(request);
      const manifest = { type: request.headers['content-type'] ?? '', bytes };
      this.manifests.set(`${repository}:${reference}`, manifest);
      if (!reference.startsWith('sha256:')) this.tagsSet.push(reference);
      this.manifests.set(`${repository}:${digestOf(bytes)}`, manifest);
      const { subject } = JSON.parse(bytes.toString()) as { subject?: { digest: string } };
      const listed = subject && { 'oci-subject': subject.digest };
      response.writeHead(201, { 'docker-content-digest': digestOf(bytes), ...listed }).end();
      return;
    }
    const manifest = this.manifests.get(`${repository}:${reference}`);
    if (!manifest) return void response.writeHead(404).end();
    response
      .writeHead(200, {
        'content-type': manifest.type,
        'content-length': manifest.bytes.length,
        'docker-content-digest': digestOf(manifest.bytes),
      })
      .end(request.method === 'HEAD' ? undefined : manifest.bytes);
  }
}
