import {
  areRanksSound,
  finishedRoundSchema,
  type KeystrokeBatch,
  keystrokeReceiptSchema,
  roomSnapshotSchema,
  type RoomSettings,
  type Round,
  type Standing,
} from '@typerush/contracts';
import { ServiceError } from '@typerush/service-kit';
import { type Keystroke } from '@typerush/typing';
import fc from 'fast-check';
import { batchesOf, player, typeRace, waveRush } from '../../test/game-fixtures';
import { RoomWorld } from '../../test/room-world';
import { type Effect } from './effect';

const id = (number: number) => player(number).playerId;
const numbers = [0, 1, 2, 3];

/** Drives a room by random commands, and checks after each what must hold whatever happens. */
class Driver {
  readonly world: RoomWorld;
  private readonly scripts = new Map<string, readonly Keystroke[]>();
  private readonly connectionOf = new Map([
    [0, 'c0'],
    [1, 'c1'],
  ]);
  private readonly sent = new Map<string, number>();
  private finished = new Set<string>();
  private left = new Set<string>();
  /** Of the last countdown. */
  private round: Round | undefined;
  private connections = 0;

  constructor(settings: RoomSettings, seed: number) {
    this.world = new RoomWorld(settings, seed).seat(0, 1);
  }

  get room() {
    return this.world.room;
  }

  /** Runs an operation, which may refuse and may not fail. */
  attempt(operation: () => Effect[]): void {
    const before = JSON.stringify(this.room.snapshot());
    try {
      this.check(this.world.take(operation()));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      expect(JSON.stringify(this.room.snapshot())).toBe(before);
    }
    const { players, settings } = this.room.snapshot();
    expect(players.length).toBeLessThanOrEqual(settings.seats);
    if (!this.room.isEmpty) roomSnapshotSchema.parse(this.room.snapshot());
  }

  join(number: number): void {
    this.attempt(() => {
      const connection = `d${(this.connections += 1)}`;
      const { resumeToken, effects } = this.room.join(player(number), connection);
      this.world.tokens.set(number, resumeToken);
      this.connectionOf.set(number, connection);
      return effects;
    });
  }

  resume(number: number, tokenOf: number): void {
    const token = this.world.tokens.get(tokenOf) ?? '0'.repeat(32);
    const connection = `d${(this.connections += 1)}`;
    this.attempt(() => {
      const { effects } = this.room.resume(id(number), token, connection);
      this.connectionOf.set(number, connection);
      return effects;
    });
  }

  disconnect(number: number): void {
    const connection = this.connectionOf.get(number) ?? '';
    this.attempt(() => this.room.disconnect(connection, this.world.now));
  }

  startRace(): void {
    const { hostId, players } = this.room.snapshot();
    for (const { playerId } of players) this.attempt(() => this.room.setReady(playerId, true));
    this.attempt(() => this.room.start(hostId, this.world.now));
  }

  /** The next keystrokes of an honest player, at the time at which the last of them is typed. */
  type(number: number): void {
    const { race } = this.room.snapshot();
    if (!race) return;
    const key = `${race.raceId} ${race.round} ${number}`;
    if (!this.scripts.has(key)) this.scripts.set(key, this.world.script(40 + 20 * number));
    const at = this.sent.get(key) ?? 0;
    const batch = batchesOf(this.scripts.get(key) ?? [], 16)[at];
    if (!batch) return;
    const { seq, events, typedMs } = batch;
    this.sent.set(key, at + 1);
    this.world.now = Math.max(this.world.now, race.startAt + typedMs);
    this.send(number, { raceId: race.raceId, round: race.round, seq, events }, 20);
  }

  /** Anything that fits the schema of a batch. */
  forge(number: number, change: Partial<KeystrokeBatch>, halfRoundTripMs: number): void {
    const { race } = this.room.snapshot();
    const { raceId = id(9), round = 1 } = race ?? {};
    this.send(number, { raceId, round, seq: 1, events: [[1, 'a']], ...change }, halfRoundTripMs);
  }

  step(ms: number): void {
    this.world.now += ms;
    this.attempt(() => this.room.advance(this.world.now));
  }

  private send(number: number, batch: KeystrokeBatch, halfRoundTripMs: number): void {
    const receipt = { receivedAt: this.world.now, halfRoundTripMs };
    this.attempt(() => {
      const { seq, effects } = this.room.type(id(number), batch, receipt);
      keystrokeReceiptSchema.parse({ seq });
      return effects;
    });
  }

  private check(effects: Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'release') this.left.add(effect.playerId);
      if (effect.type === 'record') {
        finishedRoundSchema.parse(effect.round);
      }
      if (effect.type !== 'broadcast') continue;
      if (effect.event === 'countdown') {
        this.round = effect.payload;
        this.finished = new Set();
        if (effect.payload.round === 1) this.left = new Set();
      }
      if (effect.event === 'finish') this.finished.add(effect.payload.playerId);
      if (effect.event === 'round-result') this.checkEnd(effect.payload.standings);
    }
  }

  /** The round of the last countdown is over: nobody may have been typing before its deadline. */
  private checkEnd(standings: readonly Standing[]): void {
    const ranked = standings.filter(({ rank }) => rank !== null) as { rank: number }[];
    expect(areRanksSound(ranked)).toBe(true);
    for (const { rank, unranked } of standings) expect(rank === null).toBe(unranked.length > 0);
    const typing = standings.filter(
      ({ isBot, playerId }) => !isBot && !this.finished.has(playerId) && !this.left.has(playerId),
    );
    const { startAt = NaN, limitMs = NaN } = this.round ?? {};
    if (typing.length > 0) expect(this.world.now).toBeGreaterThanOrEqual(startAt + limitMs);
  }
}

const number = fc.constantFrom(...numbers);
const key = fc.constantFrom('a', 'e', 't', ' ', '\b', '\u0017', '😀');
const forgery = fc.record(
  {
    raceId: fc.uuid(),
    round: fc.integer({ min: 1, max: 100 }),
    seq: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 100_000 })),
    events: fc.array(fc.tuple(fc.oneof(fc.nat(300), fc.nat(3_600_000)), key), {
      minLength: 1,
      maxLength: 64,
    }),
  },
  { requiredKeys: [] },
);
const clockStep = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 15_000, max: 90_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -30_000, max: -1 }) },
);
const settings = fc.constantFrom(
  typeRace,
  waveRush,
  { ...typeRace, seats: 2 },
  { ...waveRush, seats: 8 },
);

type Command = (driver: Driver) => void;

const weighted = (weight: number, arbitrary: fc.Arbitrary<Command>) => ({ weight, arbitrary });
const command: fc.Arbitrary<Command> = fc.oneof(
  weighted(
    2,
    number.map((n) => (d) => d.join(n)),
  ),
  weighted(
    1,
    number.map((n) => (d) => d.attempt(() => d.room.leave(id(n), d.world.now))),
  ),
  weighted(
    2,
    number.map((n) => (d) => d.disconnect(n)),
  ),
  weighted(
    2,
    fc.tuple(number, number, fc.boolean()).map(
      ([n, other, own]) =>
        (d) =>
          d.resume(n, own ? n : other),
    ),
  ),
  weighted(
    2,
    number.map((n) => (d) => d.attempt(() => d.room.setReady(id(n), true))),
  ),
  weighted(
    2,
    fc.constant((d) => d.startRace()),
  ),
  weighted(
    1,
    number.map((n) => (d) => d.attempt(() => d.room.rematch(id(n), d.world.now))),
  ),
  weighted(
    1,
    fc.tuple(number, number, fc.nat(9)).map(
      ([n, other, luck]) =>
        (d) =>
          d.attempt(() =>
            luck === 0 ? d.room.abort(id(n)) : d.room.kick(id(n), id(other), d.world.now),
          ),
    ),
  ),
  weighted(
    1,
    fc.tuple(number, settings).map(
      ([n, to]) =>
        (d) =>
          d.attempt(() => d.room.configure(id(n), to)),
    ),
  ),
  weighted(
    1,
    number.map((n) => (d) => d.attempt(() => d.room.addBot(id(n), { wpm: 100, errorRate: 0.1 }))),
  ),
  weighted(
    40,
    number.map((n) => (d) => d.type(n)),
  ),
  weighted(
    3,
    fc.tuple(number, forgery, fc.integer({ min: -1e9, max: 1e9 })).map(
      ([n, change, way]) =>
        (d) =>
          d.forge(n, change, way),
    ),
  ),
  weighted(
    4,
    clockStep.map((ms) => (d) => d.step(ms)),
  ),
);

const play = fc.tuple(
  settings,
  fc.nat(),
  fc.array(command, { minLength: 20, maxLength: 150, size: 'max' }),
);

describe('whatever happens in a room', () => {
  it('nothing fails, no seat is taken twice, ranks are sound, and no round ends while somebody types before its deadline', () => {
    fc.assert(
      fc.property(play, ([to, seed, commands]) => {
        const driver = new Driver(to, seed);
        for (const run of commands) run(driver);
      }),
      { numRuns: 80 },
    );
  });

  it('a race ends', () => {
    fc.assert(
      fc.property(play, ([to, seed, commands]) => {
        const driver = new Driver(to, seed);
        driver.startRace();
        for (const run of commands) run(driver);
        // One step may end one wave; the clock may have been set back.
        for (let wave = 0; wave < 4; wave += 1) driver.step(10_000_000);
        expect(driver.room.isRacing).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('the commands of this test do race to the end', () => {
    const ends = { finished: 0, ranked: 0, left: 0, unfinished: 0 };
    for (const [to, seed, commands] of fc.sample(play, { numRuns: 60, seed: 7 })) {
      const driver = new Driver(to, seed);
      driver.startRace();
      for (const run of commands) run(driver);
      for (const { standings } of driver.world.roundResults) {
        for (const { rank, timeMs, unranked } of standings) {
          if (rank !== null) ends.ranked += 1;
          if (timeMs !== null) ends.finished += 1;
          if (unranked.includes('left')) ends.left += 1;
          if (unranked.includes('unfinished')) ends.unfinished += 1;
        }
      }
    }
    for (const count of Object.values(ends)) expect(count).toBeGreaterThan(2);
  });
});
