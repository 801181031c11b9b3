import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeGate, type FakeGateOptions } from './fake-gate';
import { FakeStore, type FakeStoreOptions, type Manifest, type Send } from './fake-store';

export interface Fault {
  /** Matched against `METHOD /path`. */
  readonly when: RegExp;
  /** The number of matching requests that fail. */
  times: number;
  /** The number of matching requests that succeed before. */
  skip?: number;
  /** Cut the connection instead of responding; with `after`, the request takes effect. */
  readonly drop?: 'before' | 'after';
  /** Cut the connection after this many bytes of the body; those of a chunk are stored. */
  readonly cutAfterBytes?: number;
  /** Read the body in pieces, with a pause after each. */
  readonly slowly?: { readonly pieceBytes: number; readonly pauseMs: number };
  /** Read the body, and never respond. */
  readonly silent?: boolean;
  /** Respond before the body has been read. */
  readonly early?: boolean;
  /** Remove all uploads. */
  readonly forgetUploads?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Respond with this part of the body, without an end. */
  readonly unfinished?: string;
}

export type FakeRegistryOptions = FakeStoreOptions & FakeGateOptions;

/** A registry in memory that keeps a log of its requests, and fails on demand. */
export class FakeRegistry {
  readonly requests: string[] = [];
  readonly faults: Fault[] = [];
  readonly gate: FakeGate;
  /** Bytes of received bodies. */
  receivedBytes = 0;
  private readonly store: FakeStore;
  private readonly server = createServer((request, response) => {
    // A partly read request loses its socket.
    const { socket } = request;
    const cut = () => void socket.destroy();
    this.handle(request, response, cut).catch(cut);
  });

  constructor(options: FakeRegistryOptions = {}) {
    this.gate = new FakeGate(options);
    this.store = new FakeStore(options);
  }

  get blobs(): Map<string, Buffer> {
    return this.store.blobs;
  }

  get manifests(): Map<string, Manifest> {
    return this.store.manifests;
  }

  get uploads(): Map<string, Buffer> {
    return this.store.uploads;
  }

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

  private async handle(
    request: IncomingMessage,
    response: ServerResponse,
    cut: () => void,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://registry');
    const line = `${request.method} ${url.pathname}`;
    this.requests.push(line);
    const fault = this.faultFor(line);
    if (fault?.forgetUploads) this.uploads.clear();
    const body = fault?.early ? Buffer.alloc(0) : await this.bodyOf(request, url, fault);
    if (body === undefined || fault?.drop === 'before') return cut();
    if (fault?.silent) return;
    if (fault?.status) {
      response.writeHead(fault.status, fault.headers);
      if (fault.unfinished) response.write(fault.unfinished);
      else response.end(fault.body);
      return;
    }
    const send: Send = (status, headers = {}, content) => {
      if (fault?.drop === 'after') return cut();
      response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : content);
    };
    if (this.gate.refuses(request, url, body, send)) return;
    this.store.answer(request, url, body, send);
  }

  private faultFor(line: string): Fault | undefined {
    const matching = this.faults.filter(({ when, times }) => times > 0 && when.test(line));
    const due = matching.find(({ skip = 0 }) => skip === 0);
    for (const fault of matching) if (fault.skip) fault.skip -= 1;
    if (due) due.times -= 1;
    return due;
  }

  /** undefined if the connection is cut. */
  private async bodyOf(
    request: IncomingMessage,
    url: URL,
    { cutAfterBytes = Infinity, slowly }: Partial<Fault> = {},
  ): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    let size = 0;
    if (cutAfterBytes === 0) return undefined;
    for await (const piece of slowly ? inPieces(request, slowly) : request) {
      pieces.push(piece as Buffer);
      size += (piece as Buffer).length;
      this.receivedBytes += (piece as Buffer).length;
      if (size < cutAfterBytes) continue;
      const kept = Buffer.concat(pieces).subarray(0, cutAfterBytes);
      if (request.method === 'PATCH') this.store.keep(url, kept);
      return undefined;
    }
    return Buffer.concat(pieces);
  }
}

async function* inPieces(
  request: IncomingMessage,
  { pieceBytes, pauseMs }: { pieceBytes: number; pauseMs: number },
) {
  let left = Buffer.alloc(0);
  for await (const piece of request) {
    left = Buffer.concat([left, piece as Buffer]);
    while (left.length >= pieceBytes) {
      yield left.subarray(0, pieceBytes);
      left = left.subarray(pieceBytes);
      await sleep(pauseMs);
    }
  }
  if (left.length > 0) yield left;
}
