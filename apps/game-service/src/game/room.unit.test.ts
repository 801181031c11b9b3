import { roomSnapshotSchema } from '@typerush/contracts';
import { player, typeRace } from '../../test/game-fixtures';
import { RoomWorld } from '../../test/room-world';

const id = (number: number) => player(number).playerId;
const refused = (code: string) => expect.objectContaining({ code }) as Error;
const setUp = (...numbers: number[]) => new RoomWorld(typeRace).seat(...numbers);

describe('a room', () => {
  it('seats as many as it has seats, each once', () => {
    const world = setUp(0, 1, 2, 3);
    expect(() => world.seat(4)).toThrow(refused('ROOM_FULL'));
    expect(() => world.seat(0)).toThrow(refused('ALREADY_IN_ROOM'));
    const snapshot = world.room.snapshot();
    expect(roomSnapshotSchema.parse(snapshot)).toEqual(snapshot);
    expect(snapshot.players.map(({ playerId }) => playerId)).toEqual([0, 1, 2, 3].map(id));
  });

  it('makes the one who has been here longest the host when the host leaves', () => {
    const world = setUp(0, 1, 2);
    world.take(world.room.disconnect('c1', world.now));
    world.take(world.room.leave(id(0), world.now));
    // Player 1 has no connection.
    expect(world.room.snapshot().hostId).toBe(id(2));
  });

  it('never makes a bot the host, and is empty with bots alone', () => {
    const world = setUp(0);
    world.take(world.room.addBot(id(0), { wpm: 60, errorRate: 0 }));
    world.take(world.room.leave(id(0), world.now));
    expect(world.room.isEmpty).toBe(true);
    expect(world.room.isOpen).toBe(false);
  });

  it('lets the host seat bots and remove them', () => {
    const world = setUp(0, 1, 2);
    const bot = { wpm: 60, errorRate: 0 };
    expect(() => world.room.addBot(id(1), bot)).toThrow(refused('NOT_HOST'));
    world.take(world.room.addBot(id(0), bot));
    expect(() => world.room.addBot(id(0), bot)).toThrow(refused('ROOM_FULL'));
    const added = world.room.snapshot().players.at(-1);
    expect(added).toMatchObject({ name: 'Bot 1', isBot: true, isReady: true, isConnected: true });
    world.take(world.room.kick(id(0), added?.playerId ?? '', world.now));
    expect(world.room.playerCount).toBe(3);
  });

  it('starts for the host when everybody else is ready', () => {
    const world = setUp(0, 1);
    expect(() => world.room.start(id(1), world.now)).toThrow(refused('NOT_HOST'));
    expect(() => world.room.start(id(0), world.now)).toThrow(refused('NOT_READY'));
    world.take(world.room.setReady(id(1), true));
    world.take(world.room.start(id(0), world.now));
    expect(world.room.isRacing).toBe(true);
  });

  it('does not start with one player', () => {
    const world = setUp(0);
    expect(() => world.room.start(id(0), world.now)).toThrow(refused('NOT_ENOUGH_PLAYERS'));
  });

  it('is locked during a race', () => {
    const world = setUp(0, 1);
    world.start();
    expect(() => world.seat(2)).toThrow(refused('ROOM_LOCKED'));
    expect(world.room.isOpen).toBe(false);
    expect(() => world.room.configure(id(0), typeRace)).toThrow(refused('RACE_RUNNING'));
    expect(() => world.room.start(id(0), world.now)).toThrow(refused('RACE_RUNNING'));
  });

  it('is configured by the host, with no fewer seats than players', () => {
    const world = setUp(0, 1, 2);
    const settings = { ...typeRace, seats: 3, isPublic: false };
    expect(() => world.room.configure(id(1), settings)).toThrow(refused('NOT_HOST'));
    expect(() => world.room.configure(id(0), { ...settings, seats: 2 })).toThrow(
      refused('ROOM_FULL'),
    );
    world.take(world.room.setReady(id(1), true));
    world.take(world.room.configure(id(0), settings));
    expect(world.room.snapshot()).toMatchObject({ settings });
    expect(world.room.snapshot().players.every(({ isReady }) => !isReady)).toBe(true);
  });

  it('does not let a player back in whom the host has removed', () => {
    const world = setUp(0, 1);
    expect(() => world.room.kick(id(1), id(0), world.now)).toThrow(refused('NOT_HOST'));
    expect(() => world.room.kick(id(0), id(0), world.now)).toThrow(refused('INVALID_REQUEST'));
    const effects = world.take(world.room.kick(id(0), id(1), world.now));
    expect(effects).toMatchObject([
      { type: 'send', connection: 'c1', event: 'removed', payload: { reason: 'kicked' } },
      { type: 'detach', connection: 'c1' },
      { type: 'release', playerId: id(1) },
      { type: 'broadcast', event: 'room' },
    ]);
    expect(() => world.seat(1)).toThrow(refused('KICKED'));
  });

  it('keeps the seat of a lost connection for twenty seconds', () => {
    const world = setUp(0, 1);
    world.take(world.room.disconnect('c1', world.now));
    expect(world.room.snapshot().players[1]).toMatchObject({ isConnected: false });
    expect(world.room.nextAt(world.now)).toBe(world.now + 20_000);
    world.advance(19_999);
    expect(world.room.playerCount).toBe(2);
    expect(world.advance(1)).toContainEqual({ type: 'release', playerId: id(1) });
    expect(world.room.playerCount).toBe(1);
    expect(world.room.nextAt(world.now)).toBeUndefined();
  });

  it('gives a seat back for its token, with what has been accepted', () => {
    const world = setUp(0, 1);
    const { raceId } = world.start();
    world.type(1, world.script(60).slice(0, 16));
    world.take(world.room.disconnect('c1', world.now));
    world.now += 5_000;
    const { typed, effects } = world.room.resume(id(1), world.tokens.get(1) ?? '', 'new');
    expect(typed).toMatchObject({ raceId, round: 1, seq: 2 });
    expect(typed?.keystrokes).toHaveLength(16);
    expect(effects).toMatchObject([{ event: 'room' }]);
    world.advance(30_000);
    expect(world.room.snapshot().players[1]).toMatchObject({ isConnected: true });
  });

  it('refuses to resume with another token, another player’s, or after the seat is gone', () => {
    const world = setUp(0, 1);
    const token = world.tokens.get(1) ?? '';
    const resume = (number: number, with_: string) => () =>
      world.room.resume(id(number), with_, 'new');
    expect(resume(1, '0'.repeat(32))).toThrow(refused('RESUME_REFUSED'));
    expect(resume(0, token)).toThrow(refused('RESUME_REFUSED'));
    expect(resume(5, token)).toThrow(refused('RESUME_REFUSED'));
    world.take(world.room.leave(id(1), world.now));
    expect(resume(1, token)).toThrow(refused('RESUME_REFUSED'));
  });

  it('holds no resume token as it was given', () => {
    const world = setUp(0);
    const token = world.tokens.get(0) ?? '';
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(world.room)).not.toContain(token);
  });

  it('takes the seat from a connection that still lives when another one resumes', () => {
    const world = setUp(0, 1);
    const { effects } = world.room.resume(id(1), world.tokens.get(1) ?? '', 'new');
    expect(effects).toMatchObject([
      { type: 'send', connection: 'c1', payload: { reason: 'resumed-elsewhere' } },
      { type: 'detach', connection: 'c1' },
      { event: 'room' },
    ]);
    expect(world.room.disconnect('c1', world.now)).toEqual([]);
  });

  it('races again when everybody has asked for it', () => {
    const world = setUp(0, 1);
    expect(() => world.room.rematch(id(0), world.now)).toThrow(refused('NO_RACE'));
    const { raceId } = world.start();
    world.type(0, world.script(100));
    world.type(1, world.script(50));
    world.take(world.room.rematch(id(1), world.now));
    expect(world.room.isRacing).toBe(false);
    world.take(world.room.rematch(id(0), world.now));
    expect(world.round().raceId).not.toBe(raceId);
  });

  it('numbers what it broadcasts, but for ticks', () => {
    const world = setUp(0, 1);
    world.start();
    world.type(0, world.script(100));
    world.type(1, world.script(50));
    const sequences = world.effects.flatMap((effect) =>
      effect.type === 'broadcast' && 'sequence' in effect.payload! ? [effect.payload.sequence] : [],
    );
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    expect(world.room.snapshot().sequence).toBe(sequences.length);
  });
});
