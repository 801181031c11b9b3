import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the proxy says in the registry's place. */
export interface Refusal {
  /** Against `PATCH /v2/...`; for the API of ECR, `POST <operation>`. */
  readonly when: RegExp;
  readonly status: number;
  readonly body?: object;
  /** @default for ever */
  readonly times?: number;
}

/** Stands before a registry, counts what goes through, and does it harm when told to. */
export class FaultProxy {
  /** `PATCH /v2/...`, each as it came, refused ones too. */
  readonly requests: string[] = [];
  /** Bytes of request bodies that have gone through. */
  sentBytes = 0;
  /** Of each request. */
  bytesPerSecond?: number;
  private refusals: { refusal: Refusal; left: number }[] = [];
  private alarm?: { at: number; ring: () => void };
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private port = 0;

  /** @param target `127.0.0.1:<port>` */
  private constructor(private readonly target: string) {
    this.server = createServer((request, response) => {
      void this.handle(request, response).catch(() => request.socket.destroy());
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.listen();
    proxy.port = (proxy.server.address() as AddressInfo).port;
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** What Nx targets need to find ecr-local behind it. */
  get env(): Record<string, string> {
    return { ECR_LOCAL_PORT: String(this.port) };
  }

  /** The digests of blobs whose upload was completed, or tried to be. */
  get finishedBlobs(): string[] {
    return this.requests.flatMap((line) => {
      const digest = /^PUT .*[?&]digest=([^&]+)/.exec(line)?.[1];
      return digest ? [decodeURIComponent(digest)] : [];
    });
  }

  refuse(refusal: Refusal): void {
    this.refusals.push({ refusal, left: refusal.times ?? Infinity });
  }

  /** Once, as soon as so many bytes more have gone through. */
  after(bytes: number, ring: () => void): void {
    this.alarm = { at: this.sentBytes + bytes, ring };
  }

  /** Every connection breaks off; new ones are served. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Every connection breaks off, and nobody listens any more. */
  vanish(): void {
    this.server.close();
    this.cut();
  }

  /** Well again, and nothing counted yet. */
  async heal(): Promise<void> {
    this.refusals = [];
    this.alarm = undefined;
    this.bytesPerSecond = undefined;
    this.sentBytes = 0;
    this.requests.length = 0;
    if (!this.server.listening) await this.listen();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(this.port, '127.0.0.1', () => resolve());
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = request.headers['x-amz-target']?.toString().split('.').pop();
    const line = `${request.method} ${operation ?? request.url}`;
    this.requests.push(line);
    const refused = this.refusals.find(({ refusal, left }) => left > 0 && refusal.when.test(line));
    if (refused) {
      refused.left -= 1;
      return refuse(request, response, refused.refusal);
    }
    await this.pass(request, response);
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path, headers } = request;
    const [hostname, port] = this.target.split(':');
    const onward = forward({ hostname, port, method, path, headers, agent: false });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      onward.on('response', resolve).on('error', reject);
    });
    // What becomes of the body shows in the answer: an early one ends it.
    void pipeline(request, this.meter(), onward).catch((error: Error) => onward.destroy(error));
    await this.answer(await answered, response);
  }

  /** ecr-local names itself by the port that it listens on: in what its API says, that becomes the proxy's. */
  private async answer(answer: IncomingMessage, response: ServerResponse): Promise<void> {
    const { statusCode = 502, headers } = answer;
    if (headers['x-amzn-requestid'] === undefined) {
      response.writeHead(statusCode, headers);
      return pipeline(answer, response);
    }
    const text = (await buffer(answer)).toString().replaceAll(this.target, this.host);
    const type = headers['content-type'] ?? 'application/json';
    response.writeHead(statusCode, { 'content-type': type }).end(text);
  }

  private meter(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        void this.count(chunk).then(() => done(null, chunk));
      },
    });
  }

  private async count(chunk: Buffer): Promise<void> {
    if (this.bytesPerSecond) await sleep((chunk.length / this.bytesPerSecond) * 1000);
    this.sentBytes += chunk.length;
    const { alarm } = this;
    if (!alarm || this.sentBytes < alarm.at) return;
    this.alarm = undefined;
    alarm.ring();
  }
}

async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body = {} }: Refusal,
): Promise<void> {
  for await (const _ of request) void _;
  const type = 'application/x-amz-json-1.1';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}
