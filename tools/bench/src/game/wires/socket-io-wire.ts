import { type KeystrokeBatch } from '@typerush/contracts';
import { WebSocket } from 'ws';
import { requirePeer } from '../peers/require-peer';
import { type Reply, type Wire } from './wire';

interface Packet {
  readonly type: number;
  readonly id?: number | undefined;
  readonly data?: unknown;
  readonly nsp?: string;
}

/** How the packets of Socket.IO are written: https://socket.io/docs/v4/socket-io-protocol */
interface Parser {
  encode(packet: Packet): string | Buffer;
  /** Undefined for a tick, which is not read. */
  decode(data: Buffer, isBinary: boolean): Packet | undefined;
}

const CONNECT = 0;
const EVENT = 2;
const ACK = 3;
/** Of Engine.IO, before each text. */
const MESSAGE = '4';

const tick = Buffer.from('42["tick"');

const jsonParser = (readsTicks: boolean): Parser => ({
  encode: ({ type, id, data }) =>
    `${MESSAGE}${type}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`,
  decode(data) {
    if (!readsTicks && tick.equals(data.subarray(0, tick.length))) return undefined;
    const text = data.toString();
    const [, type = '', id = ''] = /^4(\d)(\d*)/.exec(text) ?? [];
    const rest = text.slice(2 + id.length);
    return {
      type: Number(type),
      id: id === '' ? undefined : Number(id),
      data: rest === '' ? undefined : (JSON.parse(rest) as unknown),
    };
  },
});

interface Notepack {
  encode(value: unknown): Buffer;
  decode(data: Buffer): Packet;
}

function msgpackParser(): Parser {
  const { encode, decode } = requirePeer<Notepack>('notepack.io');
  const json = jsonParser(false);
  return {
    encode: (packet) => encode({ ...packet, nsp: '/' }),
    decode: (data, isBinary) => (isBinary ? decode(data) : json.decode(data, false)),
  };
}

interface Opening extends Pick<SocketIoOptions, 'auth' | 'readsTicks'> {
  resolve(): void;
  reject(error: Error): void;
}

interface SocketIoOptions {
  readonly query?: string;
  readonly auth?: object | undefined;
  readonly parser?: 'msgpack';
  /** Ticks are events then; otherwise they are only counted. */
  readonly readsTicks?: boolean;
}

export class SocketIoWire implements Wire {
  readonly connections: WebSocket[] = [];
  onEvent: Wire['onEvent'] = () => undefined;
  onTick: Wire['onTick'] = () => undefined;

  private lastId = 0;
  private readonly pending = new Map<number, (reply: Reply) => void>();

  private constructor(
    connection: WebSocket,
    private readonly parser: Parser,
  ) {
    this.connections.push(connection);
  }

  /** @param query of the address, with a leading `?` if any */
  static async connect(
    origin: string,
    { query = '', auth, parser, readsTicks = false }: SocketIoOptions,
  ): Promise<SocketIoWire> {
    const url = `${origin}/socket.io/${query === '' ? '?' : `${query}&`}EIO=4&transport=websocket`;
    const connection = new WebSocket(url, { perMessageDeflate: false });
    const wire = new SocketIoWire(
      connection,
      parser === 'msgpack' ? msgpackParser() : jsonParser(readsTicks),
    );
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.on('message', (data: Buffer, isBinary) =>
        wire.receive(data, isBinary, { auth, readsTicks, resolve, reject }),
      );
    });
    return wire;
  }

  request(event: string, payload: object): Promise<Reply> {
    return new Promise((resolve) => this.send(event, payload, resolve));
  }

  type(batch: KeystrokeBatch, done: (isAccepted: boolean) => void): void {
    this.send('keystrokes', batch, ({ ok }) => done(ok));
  }

  /** Without an acknowledgement. */
  emit(event: string, payload: object): void {
    this.write({ type: EVENT, data: [event, payload] });
  }

  private send(event: string, payload: object, done: (reply: Reply) => void): void {
    const id = (this.lastId += 1);
    this.pending.set(id, done);
    this.write({ type: EVENT, id, data: [event, payload] });
  }

  private write(packet: Packet): void {
    this.connections[0]?.send(this.parser.encode(packet));
  }

  private receive(data: Buffer, isBinary: boolean, opening: Opening): void {
    if (!isBinary && data[0] !== MESSAGE.charCodeAt(0)) return this.control(data, opening.auth);
    const packet = this.parser.decode(data, isBinary);
    if (!packet) return this.onTick();
    const [first, second] = Array.isArray(packet.data) ? (packet.data as unknown[]) : [];
    if (packet.type === ACK && packet.id !== undefined) {
      const done = this.pending.get(packet.id);
      this.pending.delete(packet.id);
      done?.(first as Reply);
    } else if (packet.type === EVENT) {
      if (first === 'tick' && !opening.readsTicks) this.onTick();
      else this.onEvent(String(first), second as never);
    } else if (packet.type === CONNECT) opening.resolve();
    else opening.reject(new Error(`refused: ${JSON.stringify(packet.data)}`));
  }

  /** What is Engine.IO's: https://socket.io/docs/v4/engine-io-protocol */
  private control(data: Buffer, auth?: object): void {
    const type = String.fromCharCode(data[0] ?? 0);
    if (type === '0') this.write({ type: CONNECT, data: auth });
    if (type === '2') this.connections[0]?.send('3');
  }
}

/** Of a player whose batches are acknowledged by the ticks of the room: the third number of an entry. */
export class TickAcknowledgedWire implements Wire {
  onTick: Wire['onTick'] = () => undefined;
  private pending: { readonly seq: number; readonly done: (isAccepted: boolean) => void }[] = [];

  constructor(
    private readonly wire: SocketIoWire,
    private readonly index: number,
  ) {
    wire.onEvent = (event, payload) => {
      if (event === 'tick') this.receiveTick(payload);
      else if (event === 'keystrokes-refused') this.pending.shift()?.done(false);
      else this.onEvent(event, payload);
    };
  }

  onEvent: Wire['onEvent'] = () => undefined;

  get connections() {
    return this.wire.connections;
  }

  request(event: string, payload: object): Promise<Reply> {
    return this.wire.request(event, payload);
  }

  type(batch: KeystrokeBatch, done: (isAccepted: boolean) => void): void {
    this.pending.push({ seq: batch.seq, done });
    this.wire.emit('keystrokes', batch);
  }

  private receiveTick([, moved]: [number, [number, number, number][]]): void {
    this.onTick();
    const seq = moved.find(([index]) => index === this.index)?.[2] ?? 0;
    const acknowledged = this.pending.filter((batch) => batch.seq <= seq);
    this.pending = this.pending.filter((batch) => batch.seq > seq);
    for (const { done } of acknowledged) done(true);
  }
}
