import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A proxy between a client and a registry that counts bytes. It replaces the address of the registry in responses with its own;
 * otherwise clients would connect to the registry directly.
 */
export class CountingProxy {
  /** Bytes sent to the registry so far, including HTTP headers. */
  sent = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly address: string,
    private readonly target: string,
  ) {
    server.on('connection', (client) => this.forward(client));
  }

  /** @param target `127.0.0.1:<port>` */
  static async listen(target: string): Promise<CountingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (address.length === target.length) return new CountingProxy(server, address, target);
    // An address of another length would make `content-length` wrong.
    server.close();
    return CountingProxy.listen(target);
  }

  get port(): number {
    return Number(this.address.split(':')[1]);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private forward(client: Socket): void {
    const registry = connect(Number(this.target.split(':')[1]), '127.0.0.1');
    for (const [socket, other] of [
      [client, registry],
      [registry, client],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      // `close` follows, and closes the other side.
      socket.on('error', () => undefined);
    }
    client.on('data', (chunk) => (this.sent += chunk.length));
    client.pipe(registry);
    registry.on('data', (chunk) => {
      if (!client.write(this.renamed(chunk))) {
        registry.pause();
        client.once('drain', () => registry.resume());
      }
    });
    registry.on('end', () => client.end());
  }

  private renamed(chunk: Buffer): Buffer {
    if (!chunk.includes(this.target)) return chunk;
    return Buffer.from(chunk.toString('latin1').replaceAll(this.target, this.address), 'latin1');
  }
}
