import { type Seat } from '@typerush/contracts';
import { typist } from '@typerush/game-client';
import { passageOf, type PassageReference } from '@typerush/passages';
import { createLogger, ServiceError } from '@typerush/service-kit';
import { wordsOf } from '@typerush/typing';
import fc from 'fast-check';
import { batchesOf, player, seededChance, typeRace } from '../../test/game-fixtures';
import { hostilePayload, poison } from '../../test/hostile-payload';
import { type EventName, socketEvents } from '../sockets/socket-events';
import { type ServerMessage } from './effect';
import { MemoryRoomDirectory } from './room-directory';
import { Rooms } from './rooms';
import { defaultTiming } from './timing';

/**
 * Half of them are made from the schema of the event, the others from a payload that fits the running race. About half of
 * them are distinct.
 */
const messagesPerEvent = 1_500;

/** What is done to a payload that fits: at the place of this number, one value replaced, one field added, or one removed. */
interface Mutation {
  place: number;
  kind: 'replace' | 'add' | 'remove' | 'keep';
  value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(1_000),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'replace', 'add', 'add', 'remove', 'keep'),
  value: poison,
});

describe('hostile messages', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  it('crash nothing and change no winner, however they are made of the events of the contract', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const game = new Game();
    const names = Object.keys(game.events) as EventName[];
    const mutations = fc.sample(mutation, {
      numRuns: messagesPerEvent * names.length,
      seed,
      unbiased: true,
    });
    const madeFromSchema = names.map((name) =>
      fc.sample(hostilePayload(game.events[name].schema), { numRuns: messagesPerEvent / 2, seed }),
    );
    const payloadOf = (at: number, one: Mutation): unknown => {
      const event = at % names.length;
      const ofEvent = Math.floor(at / names.length);
      return ofEvent % 2 === 0
        ? madeFromSchema[event]![ofEvent / 2]
        : mutate(game.valid()[names[event]!], one);
    };
    const distinct = new Map(names.map((name) => [name, new Set<string>()]));
    const perRace = 500;
    for (let at = 0; at < mutations.length; at += perRace) {
      const batch = mutations.slice(at, at + perRace);
      const winners = await game.race(
        batch.map((one, index) => async (eve: string, mallory: string) => {
          const name = names[(at + index) % names.length]!;
          const payload = payloadOf(at + index, one);
          distinct.get(name)?.add(JSON.stringify(payload) ?? 'undefined');
          // Eve stays in the race.
          const isOutside = name === 'leave-room' || index % 4 === 0;
          await game.send(isOutside ? mallory : eve, name, payload);
        }),
      );
      expect({ seed, winners }).toEqual({
        seed,
        winners: [player(0).playerId, player(1).playerId],
      });
    }
    expect(game.errors).toEqual([]);
    const counts = [...distinct.values()].map(({ size }) => size);
    expect(Math.min(...counts)).toBeGreaterThan(200);
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(10_000);
    // The test would prove nothing if no message had got past its schema, or all had.
    for (const outcome of ['ok', 'INVALID_REQUEST', 'NOT_HOST', 'NOT_IN_ROOM', 'AHEAD_OF_TIME']) {
      expect([outcome, game.outcomes.get(outcome) ?? 0]).not.toEqual([outcome, 0]);
    }
  });
});

/** A place in a payload is one of its values, itself included; the change is done there. */
function mutate(payload: object, { place, kind, value }: Mutation): unknown {
  const copy = JSON.parse(JSON.stringify({ payload })) as Record<string, unknown>;
  const places: [Record<string, unknown>, string][] = [];
  const visit = (parent: Record<string, unknown>) => {
    for (const key of Object.keys(parent)) {
      places.push([parent, key]);
      if (parent[key] && typeof parent[key] === 'object') {
        visit(parent[key] as Record<string, unknown>);
      }
    }
  };
  visit(copy);
  const [parent, key] = places[place % places.length]!;
  if (kind === 'replace') parent[key] = value;
  if (kind === 'remove' && parent !== copy) delete parent[key];
  if (kind === 'add') {
    const own = place % 2 === 0 ? '__proto__' : 'admin';
    Object.defineProperty(parent, own, { value, enumerable: true, configurable: true });
  }
  return copy['payload'];
}

/** Two honest players and two strangers, at the events of the contract. */
class Game {
  readonly errors: unknown[] = [];
  readonly outcomes = new Map<string, number>();
  readonly events;
  private readonly messages: ServerMessage[] = [];
  private readonly rooms: Rooms;
  private readonly chance = seededChance(5);
  private code = '';
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

  /** Payloads that fit the schemas, with the room and the race that run. */
  valid(): Record<EventName, object> {
    const { raceId, round } = this.round;
    const any = (from: number, to: number) =>
      from + Math.floor(this.chance.fraction() * (to - from));
    return {
      clock: { t0: 1 },
      'create-room': { settings: typeRace },
      'join-room': { code: this.code },
      'quick-match': {},
      resume: { code: this.code, resumeToken: '0'.repeat(32) },
      'leave-room': {},
      ready: { isReady: true },
      rematch: {},
      configure: { settings: typeRace },
      start: {},
      abort: {},
      kick: { playerId: player(0).playerId },
      'add-bot': { wpm: 60, errorRate: 0.1 },
      keystrokes: {
        raceId,
        round,
        seq: any(1, 9),
        events: [
          [any(0, 20_000), 'a'],
          [90, 'b'],
        ],
      },
    };
  }

  async send(connection: string, event: EventName, payload: unknown): Promise<string> {
    const session = player(Number(connection.at(-1)));
    const caller = { connection, session, halfRoundTripMs: 0 };
    let code = 'ok';
    try {
      await this.events[event].answer(payload, caller);
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw new Error(`crashed by ${event} ${JSON.stringify(payload)}`, { cause: error });
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
      await this.answer(connection, 'join-room', { code: room.code });
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
    return this.events[event].answer(payload, { connection, session, halfRoundTripMs: 0 });
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
