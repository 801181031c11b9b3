import { finishedRoundSchema } from '@typerush/contracts';
import { passageOf, type PassageReference } from '@typerush/passages';
import { BACKSPACE, statisticsOf, wordsOf } from '@typerush/typing';
import { player, typeRace, waveRush } from '../../test/game-fixtures';
import { RoomWorld } from '../../test/room-world';

const id = (number: number) => player(number).playerId;
const refused = (code: string) => expect.objectContaining({ code }) as Error;

describe('a type race', () => {
  it('begins three seconds after the start, and shows its text not before the countdown', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    expect(JSON.stringify(world.effects)).not.toContain('seed');
    const before = world.now;
    expect(world.start().startAt).toBe(before + 3_000);
    expect(JSON.stringify(world.effects)).toContain('seed');
  });

  it('ranks the players by the time of the server, and records what they typed', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    world.start();
    world.type(1, world.script(110));
    world.type(0, world.script(60));
    const [result] = world.roundResults;
    expect(result?.standings.map(({ playerId, rank }) => [playerId, rank])).toEqual([
      [id(1), 1],
      [id(0), 2],
    ]);
    const [record] = world.records;
    expect(finishedRoundSchema.parse(record)).toEqual(record);
    const words = wordsOf(passageOf(record?.passage as PassageReference).text);
    for (const { keystrokes, wpm, raw, accuracy, consistency, characters } of record?.players ??
      []) {
      const again = statisticsOf(words, { advance: 'correct' }, keystrokes);
      expect({ wpm, raw, accuracy, consistency, characters }).toEqual(again);
    }
  });

  it('lets players who finish at the same time share a rank', () => {
    const world = new RoomWorld(typeRace).seat(0, 1, 2);
    world.start();
    const script = world.script(100);
    const startedAt = world.now;
    for (const number of [0, 1]) {
      world.now = startedAt;
      world.type(number, script);
    }
    world.type(2, world.script(50));
    expect(world.raceResults[0]?.standings.map(({ rank }) => rank)).toEqual([1, 1, 3]);
  });

  it('does not end while somebody types, when another one leaves', () => {
    const world = new RoomWorld(typeRace).seat(0, 1, 2);
    world.start();
    world.type(0, world.script(100));
    world.take(world.room.leave(id(1), world.now));
    expect(world.roundResults).toEqual([]);
    world.type(2, world.script(50));
    expect(world.roundResults).toHaveLength(1);
    expect(world.roundResults[0]?.standings.at(-1)).toMatchObject({
      playerId: id(1),
      rank: null,
      unranked: ['left'],
    });
  });

  it('ends when the last one who types leaves', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    world.start();
    world.type(0, world.script(100));
    world.take(world.room.leave(id(1), world.now));
    expect(world.raceResults).toHaveLength(1);
    expect(world.room.isRacing).toBe(false);
  });

  it('ends when the grace period of the last one who types is over', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    world.start();
    world.type(0, world.script(100));
    world.take(world.room.disconnect('c1', world.now));
    world.advance(19_999);
    expect(world.raceResults).toEqual([]);
    world.advance(1);
    expect(world.raceResults).toHaveLength(1);
  });

  it('ends at its deadline, with those who have not finished unranked', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    const { limitMs } = world.start();
    world.type(0, world.script(100));
    world.now = world.round().startAt;
    world.advance(limitMs + 499);
    expect(world.roundResults).toEqual([]);
    world.advance(1);
    expect(world.roundResults[0]?.standings[1]).toMatchObject({ unranked: ['unfinished'] });
  });

  it('keeps a result that nobody can have typed, unranked and with the reasons', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    world.start();
    world.type(
      0,
      world.script(60).map(([, key]) => [100, key]),
    );
    world.type(1, world.script(50));
    const [honest, robot] = world.roundResults[0]?.standings ?? [];
    expect(honest).toMatchObject({ playerId: id(1), rank: 1, unranked: [] });
    expect(robot).toMatchObject({ rank: null, unranked: ['too-even', 'repeated-interval'] });
    expect(world.records[0]?.players).toHaveLength(2);
    expect(finishedRoundSchema.safeParse(world.records[0]).success).toBe(true);
  });

  it('records nothing that nobody typed in', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    const { limitMs } = world.start();
    world.advance(limitMs + 500);
    expect(world.raceResults).toHaveLength(1);
    expect(world.records).toEqual([]);
  });

  it('ends without a result when the host aborts it', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    world.start();
    world.type(0, world.script(100).slice(0, 8));
    expect(() => world.room.abort(id(1))).toThrow(refused('NOT_HOST'));
    world.take(world.room.abort(id(0)));
    expect(world.effects).toContainEqual(expect.objectContaining({ event: 'aborted' }));
    expect(world.records).toEqual([]);
    expect(world.room.isRacing).toBe(false);
  });

  it('asks again for a batch that has been missing for two seconds', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    const { raceId, round } = world.start();
    world.now += 1_000;
    const batch = { raceId, round, seq: 2, events: [[100, 'a'] as const] };
    const receipt = { receivedAt: world.now, halfRoundTripMs: 0 };
    expect(world.room.type(id(0), batch, receipt).seq).toBe(0);
    expect(world.advance(1_999).some(({ type }) => type === 'send')).toBe(false);
    expect(world.advance(1)).toContainEqual({
      type: 'send',
      connection: 'c0',
      event: 'resend',
      payload: { raceId, round, seq: 1 },
    });
  });

  it.each([
    ['of another race', { raceId: '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11' }, 'WRONG_ROUND'],
    ['of another round', { round: 2 }, 'WRONG_ROUND'],
    ['of somebody who is not in the race', { number: 9 }, 'NOT_IN_RACE'],
  ])('refuses keystrokes %s', (_what, { number = 0, ...change }: Record<string, unknown>, code) => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    const { raceId, round } = world.start();
    const batch = { raceId, round, seq: 1, events: [[1, 'a'] as const], ...change };
    const receipt = { receivedAt: world.now + 500, halfRoundTripMs: 0 };
    expect(() => world.room.type(id(number as number), batch, receipt)).toThrow(refused(code));
  });

  it('ticks at most ten times a second, with position and last seq of the players who have typed', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    const { raceId, round } = world.start();
    world.advance(500);
    const { text } = passageOf(world.round().passage as PassageReference);
    const events = [...text.slice(0, 3)].map((key) => [90, key] as const);
    const receipt = { receivedAt: world.now, halfRoundTripMs: 0 };
    world.take(world.room.type(id(1), { raceId, round, seq: 1, events }, receipt).effects);
    expect(world.advance(99)).toEqual([]);
    expect(world.advance(1)).toEqual([
      { type: 'broadcast', event: 'tick', payload: [1, [[1, 3, 1]]] },
    ]);
    expect(world.advance(100)).toEqual([]);
  });

  it('acknowledges a batch that moved nothing, and again one that is repeated', () => {
    const world = new RoomWorld(typeRace).seat(0, 1);
    const { raceId, round } = world.start();
    world.advance(500);
    const batch = { raceId, round, seq: 1, events: [[400, BACKSPACE] as const] };
    const tick = { type: 'broadcast', event: 'tick', payload: [1, [[0, 0, 1]]] };
    const acknowledgeOnce = () => {
      const receipt = { receivedAt: world.now, halfRoundTripMs: 0 };
      world.take(world.room.type(id(0), batch, receipt).effects);
      expect(world.advance(100)).toEqual([tick]);
      expect(world.advance(100)).toEqual([]);
    };
    acknowledgeOnce();
    acknowledgeOnce();
  });
});

describe('a wave rush', () => {
  it('has rounds of fixed length with pauses, and ranks by the mean speed', () => {
    const world = new RoomWorld(waveRush).seat(0, 1);
    const first = world.start();
    for (const round of [1, 2]) {
      const { startAt } = world.round();
      expect(world.round()).toMatchObject({ round, rounds: 2, limitMs: 5_000, advance: 'any' });
      for (const [number, wpm] of [
        [0, 60],
        [1, 110],
      ] as const) {
        world.now = startAt;
        const script = world.script(wpm);
        let typedMs = 0;
        world.type(
          number,
          script.filter(([dtMs]) => (typedMs += dtMs) <= 5_000),
        );
      }
      world.now = startAt + 5_499;
      world.advance(0);
      expect(world.roundResults).toHaveLength(round - 1);
      world.advance(1);
      expect(world.roundResults).toHaveLength(round);
    }
    expect(world.records.map(({ round }) => round)).toEqual([1, 2]);
    expect(world.records[1]?.startedAt).toBe(new Date(first.startAt + 5_500 + 3_000).toISOString());
    const [winner, other] = world.raceResults[0]?.standings ?? [];
    expect(winner).toMatchObject({ playerId: id(1), rank: 1 });
    expect(other).toMatchObject({ playerId: id(0), rank: 2 });
    const speeds = world.roundResults.map(
      ({ standings }) => standings.find(({ playerId }) => playerId === id(1))?.wpm ?? 0,
    );
    expect(winner?.wpm).toBeCloseTo(((speeds[0] ?? 0) + (speeds[1] ?? 0)) / 2, 1);
  });

  it('has another text in each wave', () => {
    const world = new RoomWorld(waveRush).seat(0, 1);
    const first = world.start();
    world.advance(5_500);
    expect(world.round().passage).not.toEqual(first.passage);
  });

  it('ends when everybody has left', () => {
    const world = new RoomWorld(waveRush).seat(0, 1);
    world.start();
    world.take(world.room.leave(id(0), world.now));
    expect(world.raceResults).toEqual([]);
    world.take(world.room.leave(id(1), world.now));
    expect(world.raceResults).toHaveLength(1);
    expect(world.room.isEmpty).toBe(true);
  });
});

describe('a bot', () => {
  it('types to the end, is marked and is never ranked', () => {
    const world = new RoomWorld(typeRace).seat(0);
    world.take(world.room.addBot(id(0), { wpm: 200, errorRate: 0.05 }));
    world.start();
    world.type(0, world.script(50));
    const [person, bot] = world.roundResults[0]?.standings ?? [];
    expect(person).toMatchObject({ rank: 1, isBot: false });
    expect(bot).toMatchObject({ rank: null, isBot: true, unranked: ['bot'] });
    expect(bot?.timeMs).toBeLessThan(person?.timeMs ?? 0);
    const ranked = finishedRoundSchema
      .parse(world.records[0])
      .players.filter(({ rank }) => rank !== null);
    expect(ranked).toHaveLength(1);
  });

  it('holds nobody up', () => {
    const world = new RoomWorld(typeRace).seat(0);
    world.take(world.room.addBot(id(0), { wpm: 10, errorRate: 0 }));
    world.start();
    world.type(0, world.script(90));
    expect(world.raceResults).toHaveLength(1);
  });

  it('has nothing recorded when nobody else typed', () => {
    const world = new RoomWorld(typeRace).seat(0);
    world.take(world.room.addBot(id(0), { wpm: 100, errorRate: 0 }));
    const { limitMs } = world.start();
    for (let ms = 0; ms <= limitMs + 500; ms += 100) world.advance(100);
    expect(world.raceResults).toHaveLength(1);
    expect(world.records).toEqual([]);
  });
});
