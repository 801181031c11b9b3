import { randomUUID } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { digestOf } from '../src/digest';

export interface FakeStoreOptions {
  /** Tags that match cannot be moved. */
  readonly immutable?: RegExp;
  readonly repositories?: readonly string[];
  /** Optional features of registries. @default all true */
  readonly chunks?: boolean;
  readonly mounts?: boolean;
  readonly referrers?: boolean;
  /** The response to a chunk. @default 202 */
  readonly chunkStatus?: number;
  /** Whether it accepts chunks after the first one and does not keep them. @default false */
  readonly losesChunks?: boolean;
  /** Announced at the start of an upload, and enforced. */
  readonly minChunkBytes?: number;
  /** Of all blobs and uploads together. */
  readonly capacityBytes?: number;
}

export interface Manifest {
  readonly type: string;
  readonly bytes: Buffer;
}

export type Send = (
  status: number,
  headers?: Record<string, string | number>,
  content?: Buffer,
) => void;

interface Request {
  readonly method: string;
  readonly repository: string;
  readonly reference: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly send: Send;
}

interface ManifestJson {
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string; readonly urls?: readonly string[] }[];
  readonly manifests?: readonly { readonly digest: string }[];
  readonly subject?: { readonly digest: string };
  readonly artifactType?: string;
}

const PATH = /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs|referrers)\/([^/]*)$/;
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** The blobs, uploads and manifests of a registry, which rejects a manifest with missing references. */
export class FakeStore {
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, Manifest>();
  readonly uploads = new Map<string, Buffer>();

  constructor(private readonly options: FakeStoreOptions) {}

  /** Stores the part of a chunk that was received before the connection was cut. */
  keep(url: URL, bytes: Buffer): void {
    const id = url.pathname.split('/').at(-1) ?? '';
    const received = this.uploads.get(id);
    if (received && this.options.chunks !== false)
      this.uploads.set(id, Buffer.concat([received, bytes]));
  }

  answer(request: IncomingMessage, url: URL, body: Buffer, send: Send): void {
    const [, repository = '', kind, reference = ''] = PATH.exec(url.pathname) ?? [];
    const { method = 'GET', headers } = request;
    const parsed = { method, repository, reference, query: url.searchParams, headers, body, send };
    if (!kind) return send(url.pathname === '/v2/' ? 200 : 404);
    const { repositories } = this.options;
    if (repositories && !repositories.includes(repository)) {
      const message = `The repository with name '${repository}' does not exist`;
      return refuse(send, 404, 'NAME_UNKNOWN', message);
    }
    if (kind === 'blobs') return this.blob(parsed);
    if (kind === 'blobs/uploads') return this.upload(parsed);
    if (kind === 'referrers') return this.referrers(parsed);
    return method === 'PUT' ? this.putManifest(parsed) : this.getManifest(parsed);
  }

  private blob({ repository, reference, send }: Request): void {
    const blob = this.blobs.get(`${repository}/${reference}`);
    return blob ? send(200, { 'content-length': blob.length }, blob) : send(404);
  }

  private upload(request: Request): void {
    const { method, repository, reference, send } = request;
    if (method === 'POST') return this.startUpload(request);
    const received = this.uploads.get(reference);
    if (!received) return refuse(send, 404, 'BLOB_UPLOAD_UNKNOWN', 'no such upload');
    if (method === 'GET') return send(204, progress(repository, reference, received));
    if (method === 'PATCH') return this.takeChunk(request, received);
    this.uploads.delete(reference);
    return method === 'DELETE' ? send(204) : this.finishUpload(request, received);
  }

  private startUpload({ repository, query, send }: Request): void {
    const digest = query.get('mount');
    const found = digest && this.blobs.get(`${query.get('from')}/${digest}`);
    if (found && this.options.mounts !== false) {
      this.blobs.set(`${repository}/${digest}`, found);
      return send(201, { location: `/v2/${repository}/blobs/${digest}` });
    }
    const id = randomUUID();
    this.uploads.set(id, Buffer.alloc(0));
    const { minChunkBytes } = this.options;
    const location = locationOf(repository, id);
    return send(
      202,
      minChunkBytes ? { location, 'oci-chunk-min-length': minChunkBytes } : { location },
    );
  }

  private takeChunk(
    { repository, reference, headers, body, send }: Request,
    received: Buffer,
  ): void {
    const { chunks, losesChunks, minChunkBytes, chunkStatus = 202 } = this.options;
    if (chunks === false) return refuse(send, 405, 'UNSUPPORTED', 'no chunks here');
    if (losesChunks && received.length > 0) {
      return send(chunkStatus, progress(repository, reference, received));
    }
    const [, first, last] = /^(\d+)-(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
    if (Number(first) !== received.length || Number(last) !== received.length + body.length - 1) {
      return refuse(send, 416, 'BLOB_UPLOAD_INVALID', 'the chunk is out of order');
    }
    if (this.isFull(body)) return outOfSpace(send);
    if (minChunkBytes && received.length > 0 && received.length % minChunkBytes !== 0) {
      return refuse(send, 400, 'SIZE_INVALID', 'a chunk before this one is too small');
    }
    const now = Buffer.concat([received, body]);
    this.uploads.set(reference, now);
    return send(chunkStatus, progress(repository, reference, now));
  }

  private finishUpload({ repository, query, body, send }: Request, received: Buffer): void {
    if (this.isFull(Buffer.concat([received, body]))) return outOfSpace(send);
    const blob = Buffer.concat([received, body]);
    const digest = query.get('digest') ?? '';
    if (digest !== digestOf(blob)) return refuse(send, 400, 'DIGEST_INVALID', 'digest is wrong');
    this.blobs.set(`${repository}/${digest}`, blob);
    return send(201);
  }

  private getManifest({ repository, reference, send }: Request): void {
    const existing = this.manifests.get(`${repository}/${reference}`);
    if (!existing) return refuse(send, 404, 'MANIFEST_UNKNOWN', 'no such manifest');
    const { type, bytes } = existing;
    const size = { 'content-length': bytes.length };
    send(200, { 'content-type': type, ...size, 'docker-content-digest': digestOf(bytes) }, bytes);
  }

  private putManifest({ repository, reference, headers, body, send }: Request): void {
    const key = `${repository}/${reference}`;
    const digest = digestOf(body);
    const existing = this.manifests.get(key);
    if (
      existing &&
      digestOf(existing.bytes) !== digest &&
      this.options.immutable?.test(reference)
    ) {
      const message = `The image tag '${reference}' already exists and cannot be overwritten`;
      return refuse(send, 400, 'TAG_INVALID', message);
    }
    const content = JSON.parse(body.toString()) as ManifestJson;
    const missing = this.missing(repository, content);
    if (missing) return refuse(send, 404, 'MANIFEST_BLOB_UNKNOWN', `${missing} does not exist`);
    const manifest = { type: headers['content-type'] ?? '', bytes: body };
    this.manifests.set(key, manifest).set(`${repository}/${digest}`, manifest);
    const { subject } = content;
    const listed = subject && this.options.referrers !== false;
    const more = listed ? { 'oci-subject': subject.digest } : undefined;
    send(201, { 'docker-content-digest': digest, ...more });
  }

  private missing(repository: string, { config, layers = [], manifests = [] }: ManifestJson) {
    const blobs = [...(config ? [config] : []), ...layers.filter(({ urls }) => !urls)];
    const lacks = (received: ReadonlyMap<string, unknown>) => (one: { readonly digest: string }) =>
      !received.has(`${repository}/${one.digest}`);
    return (blobs.find(lacks(this.blobs)) ?? manifests.find(lacks(this.manifests)))?.digest;
  }

  private referrers({ repository, reference, send }: Request): void {
    if (this.options.referrers === false) return send(404);
    const found = [...this.manifests].flatMap(([key, { type, bytes }]) => {
      const { subject, artifactType } = JSON.parse(bytes.toString()) as ManifestJson;
      const digest = digestOf(bytes);
      if (key !== `${repository}/${digest}` || subject?.digest !== reference) return [];
      return [{ mediaType: type, digest, size: bytes.length, artifactType }];
    });
    const index = { schemaVersion: 2, mediaType: INDEX, manifests: found };
    send(200, { 'content-type': INDEX }, Buffer.from(JSON.stringify(index)));
  }

  private isFull(coming: Buffer): boolean {
    const { capacityBytes = Infinity } = this.options;
    const received = [...this.blobs.values(), ...this.uploads.values()];
    return received.reduce((sum, { length }) => sum + length, coming.length) > capacityBytes;
  }
}

function locationOf(repository: string, id: string): string {
  return `/v2/${repository}/blobs/uploads/${id}?state=1`;
}

function progress(repository: string, id: string, received: Buffer): Record<string, string> {
  const range = `0-${Math.max(0, received.length - 1)}`;
  return { location: locationOf(repository, id), range };
}

function refuse(send: Send, status: number, code: string, message: string): void {
  send(status, {}, Buffer.from(JSON.stringify({ errors: [{ code, message }] })));
}

/** The response of distribution. */
function outOfSpace(send: Send): void {
  const detail = { DriverName: 'filesystem', Enclosed: { Op: 'write', Path: '/data', Err: 28 } };
  const error = { code: 'UNKNOWN', message: 'unknown error', detail };
  send(500, {}, Buffer.from(JSON.stringify({ errors: [error] })));
}
