import { createHash } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { BenchError } from '../ship/bench-error';
import { type Blob, type Image, manifestType } from './images';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly size: number;
  /** Only if it was requested. */
  readonly digest: string | undefined;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: Buffer;
  readonly contentType?: string;
  /** Whether to hash the response. */
  readonly isHashed?: boolean;
}

/** One client with one connection, which sends the requests that docker sends. */
export class RegistryClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly url: string,
    private readonly authorization?: string,
  ) {}

  /** @throws BenchError `RESPONSE_WRONG` */
  async push(repository: string, tag: string, { config, layer, manifest }: Image): Promise<void> {
    for (const blob of [layer, config]) await this.pushBlob(repository, blob);
    await this.pushManifest(repository, tag, manifest);
  }

  async pushManifest(repository: string, tag: string, { bytes }: Blob): Promise<void> {
    const path = `/v2/${repository}/manifests/${tag}`;
    await this.expect([201], { method: 'PUT', path, body: bytes, contentType: manifestType });
  }

  /** The tag, its config and its layer; `isHashed` also checks every byte, which takes the processor's time. */
  async pull(
    repository: string,
    tag: string,
    { config, layer, manifest }: Image,
    isHashed = false,
  ): Promise<void> {
    const parts = [
      [`manifests/${tag}`, manifest],
      [`blobs/${config.digest}`, config],
      [`blobs/${layer.digest}`, layer],
    ] as const;
    for (const [part, blob] of parts) {
      const path = `/v2/${repository}/${part}`;
      const { size, digest } = await this.expect([200], { method: 'GET', path, isHashed });
      if (size !== blob.bytes.length || (isHashed && digest !== blob.digest)) {
        throw new BenchError('RESPONSE_WRONG', `GET ${path} returned other bytes (${size}).`);
      }
    }
  }

  close(): void {
    this.agent.destroy();
  }

  /** As docker does: look whether it is there, start, send it in one chunk, finish. */
  private async pushBlob(repository: string, { bytes, digest }: Blob): Promise<void> {
    const head = { method: 'HEAD', path: `/v2/${repository}/blobs/${digest}` };
    if ((await this.expect([200, 404], head)).status === 200) return;
    const start = { method: 'POST', path: `/v2/${repository}/blobs/uploads/` };
    const upload = this.location(await this.expect([202], start));
    const chunk = { method: 'PATCH', path: upload, body: bytes };
    const contentType = 'application/octet-stream';
    const session = this.location(await this.expect([201, 202], { ...chunk, contentType }));
    const separator = session.includes('?') ? '&' : '?';
    const path = `${session}${separator}digest=${encodeURIComponent(digest)}`;
    await this.expect([201], { method: 'PUT', path });
  }

  private location({ headers: { location = '' } }: Answer): string {
    const { pathname, search } = new URL(location, this.url);
    return pathname + search;
  }

  private async expect(statuses: readonly number[], sent: Sent): Promise<Answer> {
    const answer = await this.send(sent);
    if (statuses.includes(answer.status)) return answer;
    throw new BenchError(
      'RESPONSE_WRONG',
      `${sent.method} ${sent.path} at ${this.url}: ${answer.status}`,
    );
  }

  private send({ method, path, body, contentType, isHashed = false }: Sent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        ...(this.authorization !== undefined && { authorization: this.authorization }),
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...(method !== 'GET' && method !== 'HEAD' && { 'content-length': body?.length ?? 0 }),
        accept: manifestType,
      };
      const sending = request(
        new URL(path, this.url),
        { method, headers, agent: this.agent },
        (response) => {
          const hash = isHashed ? createHash('sha256') : undefined;
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
            hash?.update(chunk);
          });
          response.on('error', reject);
          response.on('end', () => {
            const { statusCode: status = 0, headers: received } = response;
            const digest = hash && `sha256:${hash.digest('hex')}`;
            resolve({ status, headers: received, size, digest });
          });
        },
      );
      sending.on('error', reject);
      sending.end(body);
    });
  }
}
