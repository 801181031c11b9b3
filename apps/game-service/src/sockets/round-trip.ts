import { type GameSocket } from './socket-types';

/** How many measurements count. */
const KEPT = 8;

/** Half of the shortest recent round trip of a connection, in ms; 0 until it is known. */
export class RoundTrip {
  private readonly measured: number[] = [];

  /** Measures by the transport's own pings, which the other end cannot answer before they come. */
  static of(socket: GameSocket, now: () => number): RoundTrip {
    const roundTrip = new RoundTrip();
    let sentAt: number | undefined;
    socket.conn.on('packetCreate', ({ type }) => {
      if (type === 'ping') sentAt = now();
    });
    socket.conn.on('packet', ({ type }) => {
      if (type !== 'pong' || sentAt === undefined) return;
      roundTrip.add(now() - sentAt);
      sentAt = undefined;
    });
    return roundTrip;
  }

  add(ms: number): void {
    this.measured.push(ms);
    if (this.measured.length > KEPT) this.measured.shift();
  }

  get halfMs(): number {
    return this.measured.length === 0 ? 0 : Math.min(...this.measured) / 2;
  }
}
