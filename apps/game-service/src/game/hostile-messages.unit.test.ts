import { type Seat } from '@typerush/contracts';
import { typist } from '@typerush/game-client';
import { passageOf, type PassageReference } from '@typerush/passages';
import { createLogger, ServiceError } from '@typerush/service-kit';
import { wordsOf } from '@typerush/typing';
import fc from 'fast-check';
import { batchesOf, player, seededChance, typeRace } from '../../test/game-fixtures';
import { hostilePayload } from '../../test/hostile-payload';
import { type EventName, socketEvents } from '../sockets/socket-events';
import { type ServerMessage } from './effect';
import { MemoryRoomDirectory } from './room-directory';
import { Rooms } from './rooms';
import { defaultTiming } from './timing';

const messagesPerEvent = 1_500;

/** Of the room and the race that run when a message is sent; `Game.now` has their values. */
const known = {
  code: fc.constant('$code'),
  resumeToken: fc.oneof(fc.constant('$resumeToken'), fc.constant('0'.repeat(32))),
  playerId: fc.constantFrom('$host', '$eve'),
  raceId: fc.constant('$raceId'),
  round: fc.constant(1),
  seq: fc.integer({ min: 1, max: 9 }),
  // Those of the schema are too late for any race.
  events: fc.array(
    fc.tuple(
      fc.oneof(fc.nat(300), fc.nat(20_000), fc.nat(3_600_000)),
      fc.constantFrom('a', 'e', ' ', '\b', '😀'),
    ),
    { minLength: 1, maxLength: 64 },
  ),
};

/** `--seed` of Jest: the same seed gives the same messages in the same order. */
const seed = jest.getSeed();

describe('hostile messages', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'], now: 1e12 }));
  afterEach(() => jest.useRealTimers());

  it('crash nothing and change no winner, however they are made from the schemas of the events', async () => {
    process.stdout.write(
      `to repeat: npx nx test game-service --testPathPatterns=hostile-messages --seed=${seed}\n`,
    );
    const game = new Game();
    const names = Object.keys(game.events) as EventName[];
    const samples = names.map((name) =>
      fc.sample(hostilePayload(game.events[name].schema, known), {
        numRuns: messagesPerEvent,
        seed,
      }),
    );
    const messages = Array.from({ length: messagesPerEvent * names.length }, (_, at) => ({
      name: names[at % names.length]!,
      payload: samples[at % names.length]![Math.floor(at / names.length)],
    }));
    const distinct = new Map(names.map((name) => [name, new Set<string>()]));
    for (const { name, payload } of messages) {
      distinct.get(name)?.add(JSON.stringify(payload) ?? 'undefined');
    }
    const perRace = 500;
    for (let at = 0; at < messages.length; at += perRace) {
      const winners = await game.race(
        messages
          .slice(at, at + perRace)
          .map(({ name, payload }, index) => async (eve: string, mallory: string) => {
            // Eve stays in the race.
            const isOutside = name === 'leave-room' || index % 4 === 0;
            await game.send(isOutside ? mallory : eve, name, game.now(payload));
          }),
      );
      expect({ seed, winners }).toEqual({
        seed,
        winners: [player(0).playerId, player(1).playerId],
      });
    }
    expect({ seed, errors: game.errors }).toEqual({ seed, errors: [] });
    const counts = [...distinct.values()].map(({ size }) => size);
    expect(Math.min(...counts)).toBeGreaterThan(200);
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(10_000);
    // The test would prove nothing if no message had got past its schema, or all had.
    for (const outcome of expectedOutcomes) {
      expect([outcome, game.outcomes.get(outcome) ?? 0]).not.toEqual([outcome, 0]);
    }
  });
});

const expectedOutcomes = [
  'ok',
  'INVALID_REQUEST',
  'NOT_HOST',
  'NOT_IN_ROOM',
  'ALREADY_IN_ROOM',
  'ROOM_LOCKED',
  'RACE_RUNNING',
  'RESUME_REFUSED',
  'AHEAD_OF_TIME',
  'TOO_LATE',
];

/** Two honest players and two strangers, at the events of the contract. */
class Game {
  readonly errors: unknown[] = [];
  readonly outcomes = new Map<string, number>();
  readonly events;
  private readonly messages: ServerMessage[] = [];
  private readonly rooms: Rooms;
  private readonly chance = seededChance(5);
  private code = '';
  /** Of Eve. */
  private resumeToken = '';
  private races = 0;
  private codes = 0;

  constructor() {
    const now = () => Date.now();
    const deliver = (_to: string, message: ServerMessage) => void this.messages.push(message);
    this.rooms = new Rooms({
      directory: new MemoryRoomDirectory(),
      timing: defaultTiming,
      chance: { ...this.chance, roomCode: () => this.nextCode() },
      now,
      logger: createLogger({
        service: 'test',
        level: 'error',
        destination: { write: (line) => void this.errors.push(line) },
      }),
      onFinished: () => undefined,
      audience: {
        isConnected: () => true,
        attach: () => undefined,
        detach: () => undefined,
        send: deliver,
        broadcast: deliver,
      },
    });
    this.events = socketEvents({ now, rooms: this.rooms });
  }

  /** A payload with the values of the race that runs. */
  now(payload: unknown): unknown {
    if (typeof payload === 'string') return this.values()[payload] ?? payload;
    if (Array.isArray(payload)) return payload.map((item) => this.now(item));
    if (payload === null || typeof payload !== 'object') return payload;
    const copy = {};
    for (const [key, value] of Object.entries(payload)) {
      // A field __proto__ must stay a field.
      const own = { value: this.now(value), enumerable: true, configurable: true, writable: true };
      Object.defineProperty(copy, key, own);
    }
    return copy;
  }

  private values(): Partial<Record<string, string>> {
    return {
      $code: this.code,
      $resumeToken: this.resumeToken,
      $host: player(0).playerId,
      $eve: player(2).playerId,
      $raceId: this.round.raceId,
    };
  }

  async send(connection: string, event: EventName, payload: unknown): Promise<string> {
    const session = player(Number(connection.at(-1)));
    const caller = { connection, session, halfRoundTripMs: 0, refuse: () => undefined };
    let code = 'ok';
    try {
      await this.events[event].answer(payload, caller);
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw new Error(`seed ${seed}: crashed by ${event} ${JSON.stringify(payload)}`, {
          cause: error,
        });
      }
      ({ code } = error);
    }
    this.outcomes.set(code, (this.outcomes.get(code) ?? 0) + 1);
    return code;
  }

  /** A race of players 0 and 1 while 2 (in the room) and 3 (outside) do their worst. @returns the ranked, best first */
  async race(attacks: ((eve: string, mallory: string) => Promise<void>)[]): Promise<string[]> {
    this.races += 1;
    const [ada, grace, eve, mallory] = [0, 1, 2, 3].map((number) => `${this.races}-${number}`);
    const { room } = (await this.answer(ada!, 'create-room', {
      settings: { ...typeRace, isPublic: false },
    })) as Seat;
    this.code = room.code;
    for (const connection of [grace!, eve!]) {
      const seat = (await this.answer(connection, 'join-room', { code: room.code })) as Seat;
      this.resumeToken = seat.resumeToken;
      await this.answer(connection, 'ready', { isReady: true });
    }
    await this.answer(ada!, 'start', {});
    const { startAt, raceId, round } = this.round;
    const script = (wpm: number) =>
      batchesOf(typist(this.words, { wpm, errorRate: 0.05 }, this.chance.fraction), 8);
    const typed = [
      ...script(120).map((batch) => ({ connection: ada!, ...batch })),
      ...script(60).map((batch) => ({ connection: grace!, ...batch })),
    ].sort((one, other) => one.typedMs - other.typedMs);
    const share = Math.ceil(attacks.length / typed.length);
    for (const [index, { connection, seq, events, typedMs }] of typed.entries()) {
      await jest.advanceTimersByTimeAsync(Math.max(0, startAt + typedMs - Date.now()));
      for (const attack of attacks.slice(index * share, (index + 1) * share)) {
        await attack(eve!, mallory!);
      }
      await this.answer(connection, 'keystrokes', { raceId, round, seq, events });
    }
    await this.send(eve!, 'leave-room', {});
    await this.send(mallory!, 'leave-room', {});
    await jest.advanceTimersByTimeAsync(100);
    await this.answer(ada!, 'leave-room', {});
    await this.answer(grace!, 'leave-room', {});
    const results = this.messages.flatMap((message) =>
      message.event === 'race-result' && message.payload.raceId === raceId ? [message.payload] : [],
    );
    this.messages.length = 0;
    expect(results).toHaveLength(1);
    return results[0]!.standings
      .filter(({ rank }) => rank !== null)
      .map(({ playerId }) => playerId);
  }

  private async answer(connection: string, event: EventName, payload: object): Promise<object> {
    const session = player(Number(connection.at(-1)));
    return this.events[event].answer(payload, {
      connection,
      session,
      halfRoundTripMs: 0,
      refuse: () => undefined,
    });
  }

  private nextCode(): string {
    const digits = String((this.codes += 1)).padStart(6, '0');
    return [...digits].map((digit) => 'ACDEFGHJKM'[Number(digit)]).join('');
  }

  private get round() {
    const countdowns = this.messages.flatMap((message) =>
      message.event === 'countdown' ? [message.payload] : [],
    );
    const own = countdowns.find(({ roster }) => roster.includes(player(0).playerId));
    if (!own) throw new Error('no countdown');
    return own;
  }

  private get words() {
    return wordsOf(passageOf(this.round.passage as PassageReference).text);
  }
}
