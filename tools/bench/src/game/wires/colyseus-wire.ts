import { type KeystrokeBatch } from '@typerush/contracts';
import { WebSocket } from 'ws';
import { requirePeer } from '../peers/require-peer';
import { type Reply, type Wire } from './wire';

/** Of Colyseus's protocol: the first byte of a message. */
const JOIN_ROOM = 10;
const ROOM_DATA = 13;
const ROOM_STATE_PATCH = 15;

interface Msgpack {
  pack(value: unknown): Buffer;
  unpack(data: Buffer): unknown;
}

interface SeatReservation {
  readonly sessionId: string;
  readonly roomId: string;
  readonly processId: string;
}

/** The rooms' identifiers by their numbers. */
const roomIds = new Map<number, string>();

export class ColyseusWire implements Wire {
  onEvent: Wire['onEvent'] = () => undefined;
  onTick: Wire['onTick'] = () => undefined;
  private readonly msgpack = requirePeer<Msgpack>('msgpackr');
  /** The server answers in order. */
  private readonly acknowledged: ((isAccepted: boolean) => void)[] = [];
  private answer: ((reply: Reply) => void) | undefined;

  private constructor(
    readonly connections: readonly [WebSocket],
    private readonly acks: 'in patches' | 'own',
  ) {}

  /** @param origin with `http` */
  static async connect(
    origin: string,
    { room, index, acks = 'own' }: { room: number; index: number; acks?: ColyseusWire['acks'] },
  ): Promise<ColyseusWire> {
    const known = roomIds.get(room);
    const method = known === undefined ? 'create/race' : `joinById/${known}`;
    const { sessionId, roomId, processId } = await reserve(`${origin}/matchmake/${method}`, {
      room,
      index,
    });
    roomIds.set(room, roomId);
    const address = `${origin.replace('http', 'ws')}/${processId}/${roomId}?sessionId=${sessionId}`;
    // Listens at once: the first message may come with the answer to the upgrade.
    const connection = new WebSocket(address, { perMessageDeflate: false });
    const wire = new ColyseusWire([connection], acks);
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.once('close', () => reject(new Error('Colyseus closed the connection')));
      connection.on('message', (data: Buffer) => {
        if (data[0] === JOIN_ROOM) {
          connection.send(Buffer.from([JOIN_ROOM]));
          resolve();
        } else wire.receive(data);
      });
    });
    return wire;
  }

  request(event: string, payload: object): Promise<Reply> {
    this.send(event, payload);
    if (event === 'start') return Promise.resolve({ ok: true });
    return new Promise((resolve) => (this.answer = resolve));
  }

  type(batch: KeystrokeBatch, done: (isAccepted: boolean) => void): void {
    this.acknowledged.push(done);
    this.send('keystrokes', batch);
  }

  private send(event: string, payload: object): void {
    // A short string of msgpack, then the value.
    const head = Buffer.from([ROOM_DATA, 0xa0 | event.length, ...Buffer.from(event)]);
    this.connections[0].send(Buffer.concat([head, this.msgpack.pack(payload)]));
  }

  /** Patches are not decoded: the next one is taken for the acknowledgement. Refusals still come on their own. */
  private acknowledgeAll(): void {
    for (const done of this.acknowledged.splice(0)) done(true);
  }

  private receive(data: Buffer): void {
    if (data[0] === ROOM_STATE_PATCH) {
      if (this.acks === 'in patches') this.acknowledgeAll();
      return this.onTick();
    }
    if (data[0] !== ROOM_DATA) return;
    const length = (data[1] ?? 0) & 0x1f;
    const event = data.toString('utf8', 2, 2 + length);
    const value = this.msgpack.unpack(data.subarray(2 + length)) as never;
    if (event === 'ack') this.acknowledged.shift()?.((value as Reply).ok);
    else if (event === 'held') this.answer?.({ ok: true, held: value });
    else this.onEvent(event, value);
  }
}

async function reserve(url: string, options: object): Promise<SeatReservation> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(options),
  });
  const body = (await response.json()) as Partial<SeatReservation> & {
    room?: Partial<SeatReservation>;
  };
  if (!response.ok) throw new Error(`Colyseus refused a seat: ${JSON.stringify(body)}`);
  return { ...body.room, ...body } as SeatReservation;
}
