import { type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantiles } from '../quantiles';
import { processTime, residentBytes } from '../ship/processor-time';
import { type JoinedRoom, joinRoom } from './join-room';
import { type Load, type LoadResult } from './load';
import { isRight, type Racer, startRaces } from './racers';
import { seatsOfRoom } from './reference-room';
import { type ScheduledBatch } from './typing-schedule';
import { type Way } from './ways';
import { SocketIoWire } from './wires/socket-io-wire';

/** Of the races, before anything is measured. */
const WARM_UP_MS = 3_000;
/** How long the starts of the rooms are spread over. */
const SPREAD_MS = 1_000;
const ROOMS_JOINING_AT_ONCE = 4;
/** How long answers may still come. */
const ANSWER_MS = 1_000;

/** The server's clock: it runs on the same machine. */
const now = () => performance.timeOrigin + performance.now();

/** The figures of the measured time. */
class Measurement {
  readonly delays: number[] = [];
  readonly lateness: number[] = [];
  refused = 0;
  ticks = 0;
  messages = 0;
  unanswered = 0;

  constructor(
    private readonly from: number,
    private readonly to: number,
  ) {}

  contains(time: number): boolean {
    return time >= this.from && time < this.to;
  }
}

async function run({ way, port, players, seconds, serverPid }: Load): Promise<LoadResult> {
  const empty = await residentBytes(serverPid);
  const rooms = await joinAll(way, port, players / seatsOfRoom);
  const isRelay = way.client === 'relay';
  const racers = await startRaces(rooms, SPREAD_MS, isRelay ? 'singles' : 'batches');
  const from = Math.max(...racers.map(({ startAt }) => startAt)) + WARM_UP_MS;
  const to = from + seconds * 1_000;
  const measurement = new Measurement(from, to);
  const send = isRelay ? caretsOf(racers, measurement) : batchesTo(measurement);
  for (const { seat } of racers) {
    seat.wire.onTick = () => {
      if (measurement.contains(now())) measurement.ticks += 1;
    };
  }
  const typing = typeAll(racers, to, send);
  const before = await at(from, () => snapshot(racers, serverPid));
  const after = await at(to, () => snapshot(racers, serverPid));
  await typing;
  await sleep(ANSWER_MS);
  const perPlayerSecond = (value: number) => value / players / seconds;
  const percent = (processor: number) => (processor / ((after.at - before.at) / 1_000)) * 100;
  return {
    serverCpu: percent(after.server - before.server),
    generatorCpu: percent(after.generator - before.generator),
    bytesSent: perPlayerSecond(after.sent - before.sent),
    bytesReceived: perPlayerSecond(after.received - before.received),
    delay: quantiles(measurement.delays),
    lateness: quantiles(measurement.lateness),
    memory: (after.resident - empty) / players,
    messagesPerSecond: perPlayerSecond(measurement.messages),
    ticksPerSecond: perPlayerSecond(measurement.ticks),
    refused: measurement.refused,
    unanswered: measurement.unanswered,
    wrong: await countWrong(racers),
  };
}

async function joinAll(way: Way, port: number, count: number): Promise<JoinedRoom[]> {
  const rooms: JoinedRoom[] = [];
  let next = 0;
  const joinSome = async () => {
    for (let number = next++; number < count; number = next++) {
      rooms.push(await joinRoom(way, port, number));
    }
  };
  await Promise.all(Array.from({ length: ROOMS_JOINING_AT_ONCE }, joinSome));
  return rooms;
}

type Send = (racer: Racer, batch: ScheduledBatch, dueAt: number) => void;

/**
 * Sends everything when it is due by the clock, whatever the server does: a slow one does not get less to do, and waiting
 * counts as delay.
 */
async function typeAll(racers: readonly Racer[], to: number, send: Send): Promise<void> {
  const due = racers
    .flatMap((racer) =>
      racer.batches.map((batch) => ({ racer, batch, dueAt: racer.startAt + batch.dueMs })),
    )
    .filter(({ dueAt }) => dueAt < to)
    .sort((one, other) => one.dueAt - other.dueAt);
  let next = 0;
  while (next < due.length) {
    for (let one = due[next]; one && one.dueAt <= now(); one = due[(next += 1)]) {
      send(one.racer, one.batch, one.dueAt);
    }
    await sleep(1);
  }
}

function batchesTo(measurement: Measurement): Send {
  return ({ raceId, sent, seat }, { seq, events }, dueAt) => {
    const isMeasured = measurement.contains(dueAt);
    if (isMeasured) {
      measurement.lateness.push(now() - dueAt);
      measurement.messages += 1;
      measurement.unanswered += 1;
    }
    sent.push(...events);
    seat.wire.type({ raceId, round: 1, seq, events }, (isAccepted) => {
      if (!isAccepted) measurement.refused += 1;
      if (!isMeasured) return;
      measurement.unanswered -= 1;
      measurement.delays.push(now() - dueAt);
    });
  };
}

/** Carets come in order: the nth from a player is the nth that this player sent. */
function caretsOf(racers: readonly Racer[], measurement: Measurement): Send {
  const dueTimes = racers.map((): number[] => []);
  for (const { seat } of racers) {
    const received = new Map<number, number>();
    seat.wire.onEvent = (_event, { playerId }: { playerId: number }) => {
      const count = received.get(playerId) ?? 0;
      received.set(playerId, count + 1);
      const dueAt = dueTimes[playerId]?.[count] ?? 0;
      if (!measurement.contains(dueAt)) return;
      measurement.unanswered -= 1;
      measurement.delays.push(now() - dueAt);
    };
  }
  return ({ number, seat }, { seq }, dueAt) => {
    dueTimes[number]?.push(dueAt);
    if (measurement.contains(dueAt)) {
      measurement.lateness.push(now() - dueAt);
      measurement.messages += 1;
      measurement.unanswered += seatsOfRoom - 1;
    }
    const caret = { playerId: number, caretIdx: seq % 6, wordIdx: Math.floor(seq / 6) };
    if (seat.wire instanceof SocketIoWire) seat.wire.emit('caret', caret);
  };
}

async function snapshot(racers: readonly Racer[], serverPid: number) {
  const sockets = racers
    .flatMap(({ seat }) => seat.wire.connections)
    .map((connection) => (connection as unknown as { _socket: Socket })._socket);
  const resident = await residentBytes(serverPid);
  const server = await processTime(serverPid);
  const { user, system } = process.cpuUsage();
  return {
    at: now(),
    server,
    generator: (user + system) / 1e6,
    resident,
    sent: sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    received: sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
  };
}

async function countWrong(racers: readonly Racer[]): Promise<number | null> {
  let wrong = 0;
  for (const racer of racers) {
    const held = await racer.seat.held();
    if (!held) return null;
    if (!isRight(racer, held)) wrong += 1;
  }
  return wrong;
}

async function at<T>(time: number, work: () => Promise<T>): Promise<T> {
  await sleep(time - now());
  return work();
}

run(JSON.parse(process.argv[2] ?? '') as Load).then(
  (result) => {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    process.exit(0);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
