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

/** A response of the proxy instead of the registry's. */
interface Refusal {
  /** Matches `PATCH /v2/...`; for the ECR API, `POST <operation>`. */
  readonly when: RegExp;
  readonly status: number;
  readonly body?: object;
  /** @default unlimited */
  readonly times?: number;
}

/** A proxy before a registry that counts requests and bytes, and injects faults. */
export class FaultProxy {
  /** All requests in their order, such as `PATCH /v2/...`, including refused ones. */
  readonly requests: string[] = [];
  /** Bytes of request bodies that were forwarded. */
  sentBytes = 0;
  /** Limits the speed of each request. */
  bytesPerSecond?: number;
  private refusals: { refusal: Refusal; left: number }[] = [];
  private trigger?: { at: number; action: () => void };
  private requestTrigger?: { at: number; action: () => void };
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

  /** The variables with which Nx targets reach ecr-local through the proxy. */
  get env(): Record<string, string> {
    return { ECR_LOCAL_PORT: String(this.port) };
  }

  /** The digests of the blobs whose upload the client tried to complete. */
  get finishedBlobs(): string[] {
    return this.requests.flatMap((line) => {
      const digest = /^PUT .*[?&]digest=([^&]+)/.exec(line)?.[1];
      return digest ? [decodeURIComponent(digest)] : [];
    });
  }

  refuse(refusal: Refusal): void {
    this.refusals.push({ refusal, left: refusal.times ?? Infinity });
  }

  /** Runs an action once, as soon as that many more bytes were forwarded. */
  after(bytes: number, action: () => void): void {
    this.trigger = { at: this.sentBytes + bytes, action };
  }

  /** Runs an action once, before that many more requests are forwarded. */
  beforeRequest(count: number, action: () => void): void {
    this.requestTrigger = { at: this.requests.length + count, action };
  }

  /** Breaks all connections; new ones are served. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Breaks all connections and stops listening. */
  vanish(): void {
    this.server.close();
    this.cut();
  }

  /** Removes all faults and resets the counters. */
  async heal(): Promise<void> {
    this.refusals = [];
    this.trigger = undefined;
    this.requestTrigger = undefined;
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
    const { requestTrigger } = this;
    if (requestTrigger && this.requests.length >= requestTrigger.at) {
      this.requestTrigger = undefined;
      requestTrigger.action();
    }
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
    // An error of the body shows in the response; an early response ends the body.
    void pipeline(request, this.meter(), onward).catch((error: Error) => onward.destroy(error));
    await this.answer(await answered, response);
  }

  /** Replaces the address of ecr-local in responses of its API with that of the proxy. */
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
    const { trigger } = this;
    if (!trigger || this.sentBytes < trigger.at) return;
    this.trigger = undefined;
    trigger.action();
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
