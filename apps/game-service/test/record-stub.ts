import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';

interface Reply {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

/** A record-service that answers as a test decides, and counts what it was sent. */
export class RecordStub {
  /** The bodies of writes that got 200 or 201, in their order. */
  readonly accepted: { raceId: string; round: number }[] = [];
  readonly authorizations = new Set<string | undefined>();
  requests = 0;
  running = 0;
  mostRunning = 0;
  private server: Server | undefined;
  private port = 0;

  /** @param answer to the n-th request, from 1 */
  constructor(
    private readonly answer: (n: number, raceId: string) => Reply | Promise<Reply> = () => ({
      status: 201,
    }),
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    this.server = createServer((request, response) => {
      void this.reply(request).then(({ status, body, headers }) => {
        response.writeHead(status, headers).end(body ? JSON.stringify(body) : undefined);
      });
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.close();
    server?.closeAllConnections();
    if (server?.listening) await once(server, 'close');
  }

  private async reply(request: IncomingMessage): Promise<Reply> {
    this.requests += 1;
    const n = this.requests;
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    this.authorizations.add(request.headers.authorization);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as RecordStub['accepted'][number];
    const reply = await this.answer(n, body.raceId);
    this.running -= 1;
    if (reply.status < 300) this.accepted.push(body);
    return reply;
  }
}
