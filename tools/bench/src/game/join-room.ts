import { passageOf } from '@typerush/passages';
import { type Words, wordsOf } from '@typerush/typing';
import { type Held, type RaceStart, seatsOfRoom, wordsOfRoom } from './reference-room';
import { type Way } from './ways';
import { ColyseusWire } from './wires/colyseus-wire';
import { SocketIoWire, TickAcknowledgedWire } from './wires/socket-io-wire';
import { type Wire, open } from './wires/wire';
import { WsWire } from './wires/ws-wire';

/** A player of a race. */
export interface Seat {
  readonly wire: Wire;
  /** What the server holds of this player; undefined if it holds nothing. */
  held(): Promise<Held | undefined>;
}

export interface JoinedRoom {
  readonly seats: readonly Seat[];
  start(): Promise<RaceStart & { readonly words: Words }>;
}

/** Four players in a room. */
export async function joinRoom(way: Way, port: number, number: number): Promise<JoinedRoom> {
  return way.client === 'game-service' ? joinOurs(port, number) : joinPeer(way, port, number);
}

async function joinPeer(way: Way, port: number, number: number): Promise<JoinedRoom> {
  const seats: Seat[] = [];
  for (let index = 0; index < seatsOfRoom; index += 1) {
    const wire = await connectPeer(way, port, number, index);
    const held = async () =>
      way.client === 'relay' ? undefined : ((await wire.request('held', {})).held as Held);
    seats.push({ wire, held });
  }
  const start = async () => {
    const started = countdown(seats[0]?.wire);
    await seats[0]?.wire.request('start', {});
    return { ...(await started), words: wordsOfRoom(number) };
  };
  return { seats, start };
}

async function connectPeer(
  { client }: Way,
  port: number,
  room: number,
  index: number,
): Promise<Wire> {
  const host = `127.0.0.1:${port}`;
  const query = `?room=${room}&index=${index}`;
  switch (client) {
    case 'colyseus':
      return ColyseusWire.connect(`http://${host}`, { room, index });
    case 'colyseus, acks in patches':
      return ColyseusWire.connect(`http://${host}`, { room, index, acks: 'in patches' });
    case 'ws':
      return WsWire.connect(`ws://${host}/${query}`);
    case 'acks in ticks': {
      const options = { query, readsTicks: true };
      return new TickAcknowledgedWire(await SocketIoWire.connect(`ws://${host}`, options), index);
    }
    case 'msgpack':
      return SocketIoWire.connect(`ws://${host}`, { query, parser: 'msgpack' });
    case 'ws ticks': {
      const wire = await SocketIoWire.connect(`ws://${host}`, { query });
      const ticks = await open(`ws://${host}/ticks${query}`);
      ticks.on('message', () => wire.onTick());
      wire.connections.push(ticks);
      return wire;
    }
    default:
      return SocketIoWire.connect(`ws://${host}`, { query });
  }
}

const settings = {
  seats: seatsOfRoom,
  isPublic: false,
  game: { mode: 'type-race', list: 'english-1k', words: 100, punctuation: false, numbers: false },
};

async function joinOurs(port: number, number: number): Promise<JoinedRoom> {
  const wires: Wire[] = [];
  for (let index = 0; index < seatsOfRoom; index += 1) {
    const auth = { token: await guestToken(port, `Racer ${number}-${index}`) };
    const options = { auth, readsTicks: true };
    const wire = await SocketIoWire.connect(`ws://127.0.0.1:${port}`, options);
    wires.push(new TickAcknowledgedWire(wire, index));
  }
  const [host, ...others] = wires;
  if (!host) throw new Error('no players');
  const created = await accepted(host, 'create-room', { settings });
  const { code } = created.room as { code: string };
  const joined = [created];
  for (const other of others) joined.push(await accepted(other, 'join-room', { code }));
  for (const other of others) await accepted(other, 'ready', { isReady: true });
  const seats = wires.map((wire, index): Seat => ({
    wire,
    held: async () => {
      const resumeToken = joined[index]?.resumeToken;
      const { room, typed } = await accepted(wire, 'resume', { code, resumeToken });
      const { positions = [] } = (room as { race: { positions: [number, number][] } }).race;
      const position = positions.find(([of]) => of === index)?.[1] ?? NaN;
      return { position, keystrokes: (typed as unknown as Held).keystrokes };
    },
  }));
  const start = async () => {
    const started = countdown(host);
    await accepted(host, 'start', {});
    const { raceId, startAt, passage } = await started;
    return { raceId, startAt, words: wordsOf(passageOf(passage).text) };
  };
  return { seats, start };
}

function countdown(wire: Wire | undefined) {
  return new Promise<RaceStart & { passage: Parameters<typeof passageOf>[0] }>((resolve) => {
    if (!wire) return;
    wire.onEvent = (event, payload) => {
      if (event === 'countdown') resolve(payload);
    };
  });
}

async function accepted(wire: Wire, event: string, payload: object) {
  const reply = await wire.request(event, payload);
  if (!reply.ok) throw new Error(`${event} was refused: ${JSON.stringify(reply)}`);
  return reply;
}

async function guestToken(port: number, name: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  if (!response.ok) throw new Error(`no session: ${await response.text()}`);
  return ((await response.json()) as { token: string }).token;
}
