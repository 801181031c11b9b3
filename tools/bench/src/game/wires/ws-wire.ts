import { type KeystrokeBatch } from '@typerush/contracts';
import { type WebSocket } from 'ws';
import { encodeBatch, frames } from './binary';
import { open, type Reply, type Wire } from './wire';

export class WsWire implements Wire {
  onEvent: Wire['onEvent'] = () => undefined;
  onTick: Wire['onTick'] = () => undefined;
  private readonly acknowledged = new Map<number, (isAccepted: boolean) => void>();
  private answer: ((reply: Reply) => void) | undefined;

  private constructor(readonly connections: readonly [WebSocket]) {
    connections[0].on('message', (data: Buffer) => this.receive(data));
  }

  static async connect(url: string): Promise<WsWire> {
    return new WsWire([await open(url)]);
  }

  request(event: string): Promise<Reply> {
    const isStart = event === 'start';
    this.connections[0].send(Buffer.from([isStart ? frames.start : frames.held]));
    if (isStart) return Promise.resolve({ ok: true });
    return new Promise((resolve) => (this.answer = resolve));
  }

  type(batch: KeystrokeBatch, done: (isAccepted: boolean) => void): void {
    this.acknowledged.set(batch.seq, done);
    this.connections[0].send(encodeBatch(batch));
  }

  private receive(data: Buffer): void {
    if (data[0] === frames.tick) return this.onTick();
    if (data[0] === frames.ack) {
      const seq = data.readUInt32LE(1);
      this.acknowledged.get(seq)?.(data.readInt32LE(5) >= 0);
      this.acknowledged.delete(seq);
      return;
    }
    const value = JSON.parse(data.toString('utf8', 1)) as never;
    if (data[0] === frames.held) this.answer?.({ ok: true, held: value });
    else this.onEvent('countdown', value);
  }
}
